package dev.holdfast.ingest.reconcile;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobIndex.Position;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Queues jobs that start far ahead, shortly before their time; SQS holds their messages back for the rest of it. */
@Singleton
final class DueJobs {

    private static final int PAGE = 100;

    private final JobIndex index;
    private final JobQueues queues;
    private final Metrics metrics;

    DueJobs(JobIndex index, JobQueues queues, Metrics metrics) {
        this.index = index;
        this.queues = queues;
        this.metrics = metrics;
    }

    /** Queues what starts within that time. A job is taken off the list after it was sent, and never before. */
    void queue(Instant now, Duration ahead) throws InterruptedException {
        var behind = Optional.<Position>empty();
        do {
            var due = index.due(now.plus(ahead), behind, PAGE);
            for (var job : due.jobs()) {
                if (!job.state().isFinal()) {
                    queues.enqueue(job, Duration.between(now, job.notBefore().orElse(now)));
                    metrics.resent(job.spec().type());
                }
                index.queued(job);
            }
            behind = due.next();
        } while (behind.isPresent());
    }
}
