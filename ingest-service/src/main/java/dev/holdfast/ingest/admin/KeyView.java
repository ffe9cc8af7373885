package dev.holdfast.ingest.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.ApiKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key in the HTTP API, without its secret.
 *
 * @param id its first 11 characters
 * @param lastUsedAt within about an hour; empty: never
 * @param replacedBy the key that it was rotated for
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record KeyView(
        String id,
        String tenant,
        String name,
        List<KeyRequest.ScopeName> scopes,
        ApiKey.State state,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<Instant> lastUsedAt,
        Optional<String> replacedBy) {

    static KeyView of(ApiKey key, Instant now) {
        return new KeyView(
                key.id(),
                key.tenant(),
                key.name(),
                KeyRequest.ScopeName.of(key.scopes()),
                key.state(now),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt(),
                key.lastUsedAt(),
                key.replacedBy());
    }
}
