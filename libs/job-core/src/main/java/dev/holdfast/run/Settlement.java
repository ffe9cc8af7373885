package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SlowDown;
import dev.holdfast.queue.NotSentException;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/** Writes down how a run ended, tells whom it concerns, and says what becomes of the message. */
final class Settlement {

    private static final Logger LOG = Logger.getLogger(Settlement.class);

    /** A message whose run lost the job comes again after this: not every lost job has been found by another run. */
    private static final Duration LOST_DELAY = Duration.ofSeconds(5);

    /** A message whose job has ended without anybody being told comes again after this. */
    private static final Duration UNANNOUNCED_DELAY = Duration.ofSeconds(10);

    private final JobTable table;
    private final JobFamilies families;
    private final JobQueues queues;
    private final Announcer announcer;
    private final Metrics metrics;

    Settlement(JobTable table, JobFamilies families, JobQueues queues, Metrics metrics) {
        this.table = table;
        this.families = families;
        this.queues = queues;
        this.announcer = new Announcer(queues, families);
        this.metrics = metrics;
    }

    /** Writes how the work ended. */
    Disposition of(Job job, Outcome outcome) throws InterruptedException {
        return switch (outcome) {
            case Succeeded(var result) -> end(table.succeed(job, result));
            case Rejected(var code, var text) -> end(table.fail(job, new JobError(code, text, false, job.attempt())));
            case Postponed(var delay, var reason) -> returnLater(table.postpone(job, delay, reason), delay);
            case FanOut fanOut -> {
                var waiting = families.fanOut(job, fanOut);
                yield waiting.isPresent() ? resume(waiting.get()) : end(table.cancel(job));
            }
        };
    }

    /** Writes what a surprise means for the job. */
    Disposition of(Job job, Verdict verdict) throws InterruptedException {
        return switch (verdict) {
            case Verdict.NotMine(var otherwise) -> {
                var cancelled = table.cancel(job);
                yield cancelled.isEmpty() && isStillMine(job) ? of(job, otherwise) : end(cancelled);
            }
            case Verdict.GivenBack() ->
                returnLater(table.postpone(job, Duration.ZERO, "the worker was stopped"), Duration.ZERO);
            case Verdict.Throttled(var delay) -> {
                metrics.throttled(job.spec().type());
                yield table.postpone(job, delay, "throttled").isPresent() ? new SlowDown(delay) : lost();
            }
            case Verdict.Again(var error, var delay) -> {
                metrics.attemptFailed(job.spec().type());
                LOG.warnf(
                        "attempt failed jobId=%s type=%s attempt=%d retryInMs=%d error=%s",
                        job.id(), job.spec().type().wireName(), job.attempt(), delay.toMillis(), error.message());
                yield returnLater(table.retry(job, error, delay), delay);
            }
            case Verdict.GivenUp(var error) -> end(table.fail(job, error));
        };
    }

    /** Whoever takes over a job that is left as it is counts a crash, though no process died. */
    private boolean isStillMine(Job job) {
        return table.find(job.id())
                .filter(now -> now.state() == JobState.RUNNING && now.fence() == job.fence())
                .isPresent();
    }

    private Disposition end(Optional<Job> ended) throws InterruptedException {
        if (ended.isEmpty()) return lost();
        var job = ended.get();
        metrics.jobFinished(job);
        LOG.infof(
                "job ended jobId=%s type=%s state=%s attempt=%d tookMs=%d%s",
                job.id(),
                job.spec().type().wireName(),
                job.state(),
                job.attempt(),
                Duration.between(job.createdAt(), job.updatedAt()).toMillis(),
                job.error().map(error -> " error=" + error.code()).orElse(""));
        return announced(job);
    }

    /** Whether or not it can be told now, the job has ended: a message that comes again tells it. */
    private Disposition announced(Job job) throws InterruptedException {
        try {
            announcer.tell(job);
            return new Delete();
        } catch (SdkException | NotSentException untold) {
            LOG.warnf("end not announced jobId=%s error=%s", job.id(), untold);
            return new Return(UNANNOUNCED_DELAY);
        }
    }

    /** A duplicate of a message whose job has ended. All is told again, in case the first time was cut short. */
    Disposition absorb(Job job) throws InterruptedException {
        metrics.duplicateAbsorbed();
        announcer.tell(job);
        return new Delete();
    }

    /**
     * Sends the children of a waiting job off. Done again for a message that comes again, it sends the unbegun ones.
     */
    Disposition resume(Job waiting) throws InterruptedException {
        queues.enqueueAll(families.unbegun(waiting));
        var awake = families.wake(waiting.id()); // all may have ended already
        if (awake.isPresent()) queues.enqueue(awake.get(), Duration.ZERO);
        return new Delete();
    }

    private Disposition returnLater(Optional<Job> written, Duration delay) {
        return written.isPresent() ? new Return(delay) : lost();
    }

    /**
     * The message stays as it is: it brings the job back if its lease ran out with nobody else there to take it, or if
     * the other run falls silent too.
     */
    private Disposition lost() {
        metrics.fenceRejected();
        LOG.warn("run lost its job");
        return new Return(LOST_DELAY);
    }
}
