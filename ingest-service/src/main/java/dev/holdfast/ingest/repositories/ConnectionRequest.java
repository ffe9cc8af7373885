package dev.holdfast.ingest.repositories;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/**
 * The body of {@code POST /v1/connections}.
 *
 * @param name unique within the tenant
 * @param endpoint of S3, scheme and host, such as {@code https://s3.example.org}; the operator allows which
 * @param region default us-east-1
 * @param bucket where repositories on it are to lie
 * @param pathStyle whether the bucket is in the path and not in the host name; default true
 * @param accessKey where the access key is: {@code env:NAME} or {@code file:NAME}, as the operator allows; as is
 *     {@code secretKey}
 */
record ConnectionRequest(
        @NotNull @Pattern(regexp = NAME) String name,

        @NotNull @Size(max = 300) @Pattern(regexp = "^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$")
        String endpoint,

        Optional<@Pattern(regexp = "^[a-z0-9-]{1,50}$") String> region,
        Optional<@Pattern(regexp = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$") String> bucket,
        Optional<Boolean> pathStyle,
        @NotNull @Pattern(regexp = REFERENCE) String accessKey,
        @NotNull @Pattern(regexp = REFERENCE) String secretKey) {

    /** Names of connections: 1 to 64 lower-case letters, digits and dashes. */
    static final String NAME = "^[a-z0-9][a-z0-9-]{0,63}$";

    private static final String REFERENCE = "^(env:[A-Z0-9_]{1,200}|file:[A-Za-z0-9][A-Za-z0-9._-]{0,99})$";
}
