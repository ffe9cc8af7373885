package dev.holdfast.ingest.repositories;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/**
 * The body of {@code POST /v1/connections}: an S3-compatible endpoint, or a PostgreSQL database.
 *
 * @param name unique within the tenant
 * @param endpoint of S3, scheme and host, such as {@code https://s3.example.org}; or a database,
 *     {@code postgresql://db.example.org:5432/shop}. The operator allows which
 * @param region of S3; default us-east-1
 * @param bucket of S3: where repositories on it are to lie
 * @param pathStyle of S3: whether the bucket is in the path and not in the host name; default true
 * @param sslMode of a database: what its TLS has to prove, as libpq has it. Default {@code verify-full}, but for a
 *     server on the same machine
 * @param accessKey where the access key (of a database: the user) is: {@code env:NAME} or {@code file:NAME}, as the
 *     operator allows; as is {@code secretKey} (the password)
 */
record ConnectionRequest(
        @NotNull @Pattern(regexp = NAME) String name,

        @NotNull @Size(max = 300) @Pattern(regexp = "^(" + S3 + "|" + DATABASE + ")$")
        String endpoint,

        Optional<@Pattern(regexp = "^[a-z0-9-]{1,50}$") String> region,
        Optional<@Pattern(regexp = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$") String> bucket,
        Optional<Boolean> pathStyle,
        Optional<@Pattern(regexp = "^(disable|require|verify-ca|verify-full)$") String> sslMode,
        @NotNull @Pattern(regexp = REFERENCE) String accessKey,
        @NotNull @Pattern(regexp = REFERENCE) String secretKey) {

    /** Names of connections: 1 to 64 lower-case letters, digits and dashes. */
    static final String NAME = "^[a-z0-9][a-z0-9-]{0,63}$";

    private static final String S3 = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?";

    /** The name of the database is of printable characters; others than letters and digits by percent signs. */
    private static final String DATABASE =
            "postgresql://[A-Za-z0-9.-]+(:[0-9]{1,5})?/([A-Za-z0-9._~-]|%[2-7][0-9A-Fa-f]|%[89A-Fa-f][0-9A-Fa-f]){1,63}";

    private static final String REFERENCE = "^(env:[A-Z0-9_]{1,200}|file:[A-Za-z0-9][A-Za-z0-9._-]{0,99})$";
}
