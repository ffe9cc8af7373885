package dev.holdfast.ingest.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.RateLimit;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bucket of tokens for each tenant, which all processes share: each takes half a second's worth from the table at a
 * time and spends it by itself, and asks an empty bucket again after a quarter of a second. So a tenant costs a process
 * a few writes a second, however many requests it makes. What is taken and not spent within two seconds is lost: all
 * processes together never let more through than the quota, as far as their clocks agree; a tenant whose requests are
 * spread over many processes may get a little less.
 */
@Singleton
final class RequestRate {

    private static final int LOTS_PER_SECOND = 2;
    private static final Duration LAPSE = Duration.ofSeconds(2);

    /** How long an empty bucket is left alone, so that it is worth asking again. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final RateTable table;
    private final InstantSource clock;
    private final Cache<String, Purse> purses = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();

    RequestRate(RateTable table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    /** Takes one token; a problem 429 when there is none. */
    void take(String tenant, int perSecond) {
        var wait = purses.get(tenant, Purse::new).take(perSecond, clock.instant());
        if (wait.isEmpty()) return;
        var limit = new RateLimit(
                "requests",
                (long) perSecond * RateTable.BURST.toSeconds(),
                Optional.of(RateTable.BURST),
                Optional.empty(),
                0,
                wait.get());
        throw ProblemException.overQuota(
                limit, "This tenant may make %d requests per second; wait a little.".formatted(perSecond));
    }

    /** The tokens of one tenant that this process holds. */
    private final class Purse {

        private final String tenant;
        private final ReentrantLock lock = new ReentrantLock();
        private int tokens;
        private Instant lapsesAt = Instant.MIN;
        private Instant emptyUntil = Instant.MIN;

        Purse(String tenant) {
            this.tenant = tenant;
        }

        /** How long to wait for a token; empty: it was taken. */
        Optional<Duration> take(int perSecond, Instant now) {
            lock.lock();
            try {
                if (now.isAfter(lapsesAt)) tokens = 0;
                if (tokens == 0) fill(perSecond, now);
                if (tokens == 0) return Optional.of(Duration.between(now, emptyUntil));
                tokens--;
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /** While the table is known to have none it is not asked. */
        private void fill(int perSecond, Instant now) {
            if (now.isBefore(emptyUntil)) return;
            switch (table.take(tenant, perSecond, Math.max(1, perSecond / LOTS_PER_SECOND), now)) {
                case RateTable.Lot.Some(var number) -> {
                    tokens = number;
                    lapsesAt = now.plus(LAPSE);
                }
                case RateTable.Lot.None(var wait) -> emptyUntil = now.plus(wait.compareTo(PAUSE) < 0 ? PAUSE : wait);
            }
        }
    }
}
