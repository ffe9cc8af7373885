package dev.holdfast.ingest.jobs;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.queue.MicroBatcher;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks jobs up for a tenant, and waits for their changes. */
@Singleton
final class JobReader {

    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    /** The DynamoDB limit of one BatchGetItem. */
    private static final int BATCH = 100;

    /** How long the first who looks waits for others who look: what a change may be seen later. */
    private static final Duration COMPANY = Duration.ofMillis(20);

    private final JobTable table;
    private final InstantSource clock;

    /** Looks for jobs that somebody waits for: a thousand who wait share some dozen requests a second. */
    private final MicroBatcher<JobId, Optional<Job>> looks = new MicroBatcher<>(BATCH, COMPANY, this::lookTogether);

    JobReader(JobTable table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    /** The tenant's job; another tenant's is not found. */
    Optional<Job> find(String tenant, JobId id) {
        return table.find(id).filter(job -> job.tenant().equals(tenant));
    }

    /** The job when it has ended, or as it stands when the time is over. */
    Job awaitEnd(Job job, Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!job.state().isFinal()) {
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) break;
            job = awaitChange(job, left);
        }
        return job;
    }

    /**
     * The job when it has changed, or the same when the time is over. It is looked at after 50 ms, and then the more
     * rarely the longer it has not changed, down to once a second.
     */
    Job awaitChange(Job seen, Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) return seen;
            var pause = pause(seen);
            Thread.sleep(left.compareTo(pause) < 0 ? left : pause);
            var job = looks.submit(seen.id()).orElse(seen);
            if (isNewer(job, seen)) return job;
        }
    }

    private Duration pause(Job job) {
        var half = Duration.between(job.updatedAt(), clock.instant()).dividedBy(2);
        if (half.compareTo(FIRST_LOOK) < 0) return FIRST_LOOK;
        return half.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : half;
    }

    /** These looks may lag behind what was seen before. */
    private static boolean isNewer(Job job, Job seen) {
        return job.fence() >= seen.fence()
                && !job.updatedAt().isBefore(seen.updatedAt())
                && !JobVersion.of(job).equals(JobVersion.of(seen));
    }

    private List<Optional<Job>> lookTogether(List<JobId> ids) {
        var found = table.findAll(ids.stream().distinct().toList()).stream()
                .collect(Collectors.toMap(Job::id, Function.identity()));
        return ids.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
    }
}
