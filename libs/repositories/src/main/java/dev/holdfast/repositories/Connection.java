package dev.holdfast.repositories;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * A named S3-compatible endpoint of a tenant.
 *
 * @param bucket where repositories on it lie; without one it is a source only
 * @param pathStyle whether the bucket is in the path, and not in the host name
 * @param accessKey a reference to the secret, {@code env:NAME} or {@code file:NAME}; as is {@code secretKey}
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
        Instant createdAt) {}
