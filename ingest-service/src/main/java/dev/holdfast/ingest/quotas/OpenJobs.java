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
 * Lets tenants have only so many jobs that have not ended.
 *
 * <p>Nobody counts a job when it ends: that would be a write for each. Instead the table holds an upper bound, from
 * which each process takes places, a hundredth of the quota at a time and at most a hundred, and spends them by itself.
 * Only when the bound has come up to the quota are the open jobs counted, and the bound is brought down to what is
 * true. So a job costs nothing but, now and then, a read when they are counted. In return a tenant may have more open
 * jobs than its quota: by the places that each process holds, by the jobs of its schedules since the last count, and by
 * those that the index does not show yet.
 */
@Singleton
final class OpenJobs {

    private static final int LOTS = 100;
    private static final int MOST_IN_A_LOT = 100;

    private final OpenJobsTable table;
    private final Census census;
    private final QuotaWarnings warnings;
    private final InstantSource clock;
    private final Cache<String, Purse> purses = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    OpenJobs(OpenJobsTable table, Census census, QuotaWarnings warnings, InstantSource clock) {
        this.table = table;
        this.census = census;
        this.warnings = warnings;
        this.clock = clock;
    }

    /** Takes a place for one more job; a problem 429 when there is none. */
    void take(String tenant, int most) {
        var wait = purses.get(tenant, Purse::new).take(most, clock.instant());
        if (wait.isEmpty()) return;
        var limit = new RateLimit("open-jobs", most, Optional.empty(), Optional.of("jobs"), 0, wait.get());
        throw ProblemException.overQuota(
                limit, "This tenant may have %d jobs that have not ended; wait until some have.".formatted(most));
    }

    /** For a job that was not accepted, or that was there already. */
    void giveBack(String tenant) {
        purses.get(tenant, Purse::new).giveBack();
    }

    /** The places of one tenant that this process holds. */
    private final class Purse {

        private final String tenant;
        private final ReentrantLock lock = new ReentrantLock();
        private int places;

        Purse(String tenant) {
            this.tenant = tenant;
        }

        void giveBack() {
            lock.lock();
            try {
                places++;
            } finally {
                lock.unlock();
            }
        }

        /** How long to wait before places are looked for again; empty: one was taken. */
        Optional<Duration> take(int most, Instant now) {
            lock.lock();
            try {
                if (places == 0) {
                    var wait = fill(most, now);
                    if (wait.isPresent()) return wait;
                }
                places--;
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        private Optional<Duration> fill(int most, Instant now) {
            var lot = Math.clamp(most / LOTS, 1, MOST_IN_A_LOT);
            var full = table.take(tenant, lot, most, now);
            if (full.isPresent() && lot > 1) {
                lot = 1;
                full = table.take(tenant, lot, most, now);
            }
            if (full.isPresent()) {
                var wait = Duration.between(now, full.get().countableAt());
                if (wait.isPositive()) return Optional.of(wait);
                full = recount(full.get(), most, now);
                if (full.isPresent())
                    return Optional.of(Duration.between(now, full.get().countableAt()));
            }
            places += lot;
            return Optional.empty();
        }

        /** Counts, and then takes one place; empty when it was taken. */
        private Optional<OpenJobsTable.Bound> recount(OpenJobsTable.Bound seen, int most, Instant now) {
            var count = census.count(tenant, seen.from(), now);
            warnings.used(tenant, "open-jobs", count.number(), most);
            table.correct(tenant, seen, count.number(), count.from(), now);
            return table.take(tenant, 1, most, now);
        }
    }
}
