package dev.holdfast.ingest.access;

import dev.holdfast.dynamo.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An API key without its secret.
 *
 * @param id its first 11 characters
 * @param name what its owner calls it
 * @param hash the SHA-256 of the whole key, hexadecimal
 * @param lastUsedAt within about an hour
 * @param replacedBy the id of the key that it was rotated for
 */
public record ApiKey(
        String id,
        String tenant,
        String name,
        Set<Scope> scopes,
        String hash,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<Instant> lastUsedAt,
        Optional<String> replacedBy) {

    public ApiKey {
        scopes = Set.copyOf(scopes);
    }

    /** How a key stands. */
    public enum State {
        ACTIVE,
        EXPIRED,
        REVOKED
    }

    static ApiKey create(
            Secret secret, String tenant, String name, Set<Scope> scopes, Instant now, Optional<Instant> expiresAt) {
        return new ApiKey(
                secret.id(),
                tenant,
                name,
                scopes,
                secret.hash(),
                now,
                expiresAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public State state(Instant now) {
        if (revokedAt.isPresent()) return State.REVOKED;
        return expiresAt.filter(end -> !end.isAfter(now)).isPresent() ? State.EXPIRED : State.ACTIVE;
    }

    /** How long it was given at its creation; empty: for good. */
    Optional<Duration> lifetime() {
        return expiresAt.map(end -> Duration.between(createdAt, end));
    }

    Item item() {
        var item = Item.empty()
                .with("pk", KeyTable.partition(id))
                .with("sk", KeyTable.KEY)
                .with("id", id)
                .with("tenant", tenant)
                .with("name", name)
                .with(
                        "scopes",
                        EnumSet.copyOf(scopes).stream().map(Scope::wireName).toList())
                .with("hash", hash)
                .with("created_at", createdAt)
                .withTime("expires_at", expiresAt)
                .withTime("revoked_at", revokedAt)
                .withTime("last_used_at", lastUsedAt);
        replacedBy.ifPresent(other -> item.with("replaced_by", other));
        return item;
    }

    static ApiKey of(Item item) {
        return new ApiKey(
                item.text("id"),
                item.text("tenant"),
                item.text("name"),
                item.texts("scopes").stream()
                        .map(Scope::named)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet()),
                item.text("hash"),
                item.time("created_at"),
                item.optionalTime("expires_at"),
                item.optionalTime("revoked_at"),
                item.optionalTime("last_used_at"),
                item.optionalText("replaced_by"));
    }
}
