package dev.holdfast.ingest.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobIndex.Position;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the open jobs of tenants. What a process has counted before it looks at again, and beside that only at what
 * was accepted since: so in the long run it reads a job once, and once more for each count that it is open for.
 *
 * <p>Not counted are the children of jobs, and jobs that start so far ahead that they wait in the table.
 */
@Singleton
final class Census {

    private static final int PAGE = 200;

    /** How far the index may lag behind: so much is looked at again. */
    private static final Duration LAG = Duration.ofSeconds(2);

    private final JobIndex index;
    private final JobTable jobs;
    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    Census(JobIndex index, JobTable jobs) {
        this.index = index;
        this.jobs = jobs;
    }

    /** @param from when the oldest of them was accepted, or when none was: where a process that knows nothing begins */
    record Count(int number, Instant from) {}

    /** The open jobs that one process knows, by their acceptance; and since when others may have come. */
    private record Known(Map<JobId, Instant> open, Instant until) {}

    /** @param from for a process that has not counted them before */
    Count count(String tenant, Instant from, Instant now) {
        var before = known.get(tenant, name -> new Known(Map.of(), from));
        var open = new HashMap<JobId, Instant>();
        note(jobs.findAll(List.copyOf(before.open().keySet())), open);
        var behind = Optional.<Position>empty();
        do {
            var page = index.accepted(tenant, before.until(), now, behind, PAGE);
            note(page.jobs(), open);
            behind = page.next();
        } while (behind.isPresent());
        var until = now.minus(LAG).isBefore(before.until()) ? before.until() : now.minus(LAG);
        known.put(tenant, new Known(Map.copyOf(open), until));
        return new Count(
                open.size(),
                open.values().stream()
                        .min(Instant::compareTo)
                        .filter(until::isAfter)
                        .orElse(until));
    }

    private static void note(List<Job> found, Map<JobId, Instant> open) {
        for (var job : found) {
            if (!job.state().isFinal() && job.parent().isEmpty() && !job.waitsInTable()) {
                open.put(job.id(), job.createdAt());
            }
        }
    }
}
