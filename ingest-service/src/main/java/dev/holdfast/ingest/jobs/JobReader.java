package dev.holdfast.ingest.jobs;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Looks jobs up for a tenant. */
@Singleton
final class JobReader {

    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    private final JobTable table;

    JobReader(JobTable table) {
        this.table = table;
    }

    /** The tenant's job; another tenant's is not found. */
    Optional<Job> find(String tenant, JobId id) {
        return table.find(id).filter(job -> job.tenant().equals(tenant));
    }

    /** Looks again, ever more rarely, until the job has ended or the time is over. */
    Job awaitEnd(Job job, Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        var pause = FIRST_LOOK;
        while (!job.state().isFinal()) {
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) break;
            Thread.sleep(left.compareTo(pause) < 0 ? left : pause);
            pause = pause.multipliedBy(3).dividedBy(2);
            if (pause.compareTo(LAST_LOOK) > 0) pause = LAST_LOOK;
            job = table.find(job.id()).orElse(job);
        }
        return job;
    }
}
