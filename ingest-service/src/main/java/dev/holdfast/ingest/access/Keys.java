package dev.holdfast.ingest.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.core.Range;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Makes keys, ends them, and knows whose a key is. */
@Singleton
public final class Keys {

    private final KeyTable table;
    private final LastUses uses;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** By the hash of what was sent, so that no key lies in memory longer than its request. */
    private final Cache<String, Optional<ApiKey>> known;

    Keys(KeyTable table, LastUses uses, AccessConfig config, InstantSource clock, RandomGenerator random) {
        Range.check("holdfast.access.cache-for", config.cacheFor(), Duration.ZERO, Duration.ofSeconds(30));
        this.table = table;
        this.uses = uses;
        this.clock = clock;
        this.random = random;
        this.known = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(config.cacheFor())
                .build();
    }

    /** A key and its text, which is nowhere else. */
    public record Created(ApiKey key, Secret secret) {}

    /** A tenant's keys, newest first; {@code next} is the position that asks for more. */
    public record Page(List<ApiKey> keys, Optional<String> next) {}

    /** The caller who sends this text; empty when it is no key, or one that has ended. */
    Optional<Caller> caller(String text) {
        var now = clock.instant();
        return Secret.parse(text)
                .flatMap(secret -> known.get(secret.hash(), hash -> lookUp(secret)))
                .filter(key -> key.state(now) == ApiKey.State.ACTIVE)
                .map(key -> {
                    uses.note(key, now);
                    return new Caller(key.tenant(), key.scopes(), key.id());
                });
    }

    private Optional<ApiKey> lookUp(Secret secret) {
        return table.find(secret.id()).filter(secret::isOf);
    }

    /**
     * A new key of the tenant.
     *
     * @param end when it expires, to the millisecond
     */
    public Created create(String tenant, String name, Set<Scope> scopes, Optional<Instant> end) {
        var expiresAt = end.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        while (true) {
            var secret = Secret.create(random);
            var key = ApiKey.create(secret, tenant, name, scopes, now(), expiresAt);
            if (table.add(key)) return new Created(key, secret);
        }
    }

    /** Makes a key with all scopes known that was chosen elsewhere; called again, it changes nothing. */
    public void ensure(Secret secret, String tenant) {
        var key = ApiKey.create(secret, tenant, "bootstrap", EnumSet.allOf(Scope.class), now(), Optional.empty());
        if (table.add(key)) return;
        if (table.find(key.id()).filter(secret::isOf).isEmpty()) {
            throw new IllegalStateException("holdfast.access.bootstrap-key: another key is called " + key.id());
        }
    }

    /** The key of that id, whoever's it is. */
    public Optional<ApiKey> find(String id) {
        return table.find(id);
    }

    /** Keys from below a position that an earlier page ended at. */
    public Page newest(String tenant, Optional<String> below, int limit) {
        var page = table.newest(tenant, below, limit);
        return new Page(page.keys(), page.next());
    }

    /** Ends the key: in this process at once, in the others when they look it up again. */
    public ApiKey revoke(ApiKey key) {
        table.revoke(key.id(), now());
        known.invalidate(key.hash());
        return table.find(key.id()).orElse(key);
    }

    /**
     * A new key in the place of another: the same name and scopes, and as long a life as that was given.
     *
     * @param overlap how long the other still works
     * @return empty when the other was revoked meanwhile
     */
    public Optional<Created> rotate(ApiKey before, Duration overlap) {
        var now = now();
        var end = now.plus(overlap);
        var endsAt = before.expiresAt().filter(end::isAfter).orElse(end);
        var expiresAt = before.lifetime().map(now::plus);
        var secret = Secret.create(random);
        var after = ApiKey.create(secret, before.tenant(), before.name(), before.scopes(), now, expiresAt);
        if (!table.replace(before, endsAt, after)) return Optional.empty();
        known.invalidate(before.hash());
        return Optional.of(new Created(after, secret));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
