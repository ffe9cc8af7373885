package dev.holdfast.repositories;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A named S3-compatible endpoint of a tenant, or a PostgreSQL database.
 *
 * @param endpoint of S3 scheme, host and port; of a database {@code postgresql://host:port/database}
 * @param bucket where repositories on it lie; without one it is a source only
 * @param region of S3, as are {@code bucket} and {@code pathStyle}
 * @param pathStyle whether the bucket is in the path, and not in the host name
 * @param accessKey a reference to the secret, {@code env:NAME} or {@code file:NAME}; as is {@code secretKey}. Of a
 *     database they are the user and the password
 * @param sslMode what a database's TLS has to prove, in libpq's words; empty: see {@link #tls}
 */
public record Connection(
        String tenant,
        String name,
        URI endpoint,
        String region,
        Optional<String> bucket,
        boolean pathStyle,
        String accessKey,
        String secretKey,
        Optional<String> sslMode,
        Instant createdAt) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}");

    /** Whether it is a PostgreSQL database, and no endpoint of S3. */
    public boolean ofDatabase() {
        return DatabaseLogins.SCHEME.equals(endpoint.getScheme());
    }

    /**
     * What a database's TLS has to prove: {@code verify-full} (the server's certificate is good, and its own), unless
     * the connection says otherwise, or does not leave the machine.
     */
    public String tls() {
        return sslMode.orElseGet(() -> LOOPBACK.matcher(endpoint.getHost()).matches() ? "prefer" : "verify-full");
    }
}
