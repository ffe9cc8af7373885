package dev.holdfast.repositories;

import java.time.Instant;
import java.util.Optional;

/**
 * A repository as the catalogue knows it.
 *
 * @param connection the endpoint on which it lies; Holdfast's own without one
 * @param prefix the place in the bucket, without a slash at its end
 * @param wrappedKey the master key set, see {@link KeyWrap}
 */
public record StoredRepository(
        String tenant,
        String name,
        Optional<String> connection,
        String bucket,
        String prefix,
        String wrappedKey,
        Instant createdAt) {}
