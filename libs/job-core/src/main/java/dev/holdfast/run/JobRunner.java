package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Takes a message through the whole way of a job: claim, work, end, event. */
public final class JobRunner implements MessageHandler {

    private static final Logger LOG = Logger.getLogger(JobRunner.class);

    /** Runs that may fall silent before the job is given up: it may be what kills them. */
    private static final int MAX_CRASHES = 2;

    /** A message of a later release waits here for a worker that can read it. */
    private static final Duration UNKNOWN_VERSION_DELAY = Duration.ofMinutes(1);

    private final JobTable table;
    private final JobHandler handler;
    private final JobQueues queues;
    private final Metrics metrics;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<Delivery, Run> runs = new ConcurrentHashMap<>();

    public JobRunner(
            JobTable table,
            JobHandler handler,
            JobQueues queues,
            Metrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.table = table;
        this.handler = handler;
        this.queues = queues;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Disposition handle(Delivery delivery) throws InterruptedException {
        var message = JobMessage.parse(delivery.body());
        if (message.isEmpty()) return new SetAside("not a job message");
        if (message.get().v() != JobMessage.VERSION) return new Return(UNKNOWN_VERSION_DELAY);
        return switch (table.claim(message.get().job())) {
            case Claim.Won(var job) -> run(job, delivery);
            case Claim.Ended(var job) -> absorb(job);
            case Claim.NotBefore(var at) -> returnAt(at);
            case Claim.Unknown() -> new SetAside("no such job");
        };
    }

    /** Renews the lease of a run once half of it is over, and stops one that has lost its job. */
    @Override
    public void heartbeat(Delivery delivery) {
        var run = runs.get(delivery);
        if (run == null || !run.isHalfOver()) return;
        synchronized (run) { // its end must not come in between: an ended job looks like a lost one
            if (!runs.containsKey(delivery)) return;
            table.renew(run.job(), run.progress()).ifPresentOrElse(run::renewed, run::lose);
        }
    }

    private Disposition run(Job job, Delivery delivery) throws InterruptedException {
        var run = new Run(job, clock);
        MDC.put("jobId", job.id().toString());
        MDC.put("type", job.spec().type().wireName());
        MDC.put("attempt", Integer.toString(job.attempt()));
        metrics.jobStarted(job);
        try {
            return settle(job, workUnderHeartbeat(run, delivery));
        } catch (Exception surprise) {
            return recover(run, surprise);
        } finally {
            MDC.clear();
        }
    }

    private Outcome workUnderHeartbeat(Run run, Delivery delivery) throws Exception {
        runs.put(delivery, run);
        try {
            return work(run);
        } finally {
            synchronized (run) {
                runs.remove(delivery);
            }
        }
    }

    private Outcome work(Run run) throws Exception {
        var job = run.job();
        if (job.crashes() >= MAX_CRASHES) {
            return new Rejected("quarantined", "Its run ended without a word " + job.crashes() + " times.");
        }
        if (job.spec().deadline().filter(clock.instant()::isAfter).isPresent()) {
            return new Rejected(
                    "deadline-exceeded",
                    "It could not begin before its deadline "
                            + job.spec().deadline().get() + ".");
        }
        return handler.handle(run);
    }

    private Disposition settle(Job job, Outcome outcome) throws InterruptedException {
        return switch (outcome) {
            case Succeeded(var result) -> end(table.succeed(job, result));
            case Rejected(var code, var text) -> end(table.fail(job, new JobError(code, text, false, job.attempt())));
            case Postponed(var delay, var reason) -> returnLater(table.postpone(job, delay, reason), delay);
        };
    }

    private Disposition end(Optional<Job> ended) throws InterruptedException {
        if (ended.isEmpty()) return lost();
        var job = ended.get();
        queues.announce(job);
        metrics.jobFinished(job);
        LOG.infof(
                "job ended jobId=%s type=%s state=%s attempt=%d tookMs=%d%s",
                job.id(),
                job.spec().type().wireName(),
                job.state(),
                job.attempt(),
                Duration.between(job.createdAt(), job.updatedAt()).toMillis(),
                job.error().map(error -> " error=" + error.code()).orElse(""));
        return new Delete();
    }

    /** Decides what a surprise means: the end of this process, of this lease, of this attempt, or of the job. */
    private Disposition recover(Run run, Exception surprise) throws InterruptedException {
        var job = run.job();
        var interrupted = Thread.interrupted(); // cleared, for the writes that follow
        if (run.isLost() || surprise instanceof Run.LostException) return lost();
        if (interrupted || surprise instanceof InterruptedException) {
            return returnLater(table.postpone(job, Duration.ZERO, "the worker was stopped"), Duration.ZERO);
        }
        var message = Optional.ofNullable(surprise.getMessage())
                .orElse(surprise.getClass().getSimpleName());
        LOG.debug("attempt failed because of", surprise);
        if (job.attempt() >= job.spec().maxAttempts()) {
            return end(table.fail(job, new JobError("attempts-exhausted", message, true, job.attempt())));
        }
        var delay = RetryPolicy.delay(job.attempt(), random);
        LOG.warnf(
                "attempt failed jobId=%s type=%s attempt=%d retryInMs=%d error=%s",
                job.id(), job.spec().type().wireName(), job.attempt(), delay.toMillis(), surprise);
        metrics.attemptFailed(job.spec().type());
        return returnLater(
                table.retry(job, new JobError("attempt-failed", message, true, job.attempt()), delay), delay);
    }

    private Disposition returnLater(Optional<Job> written, Duration delay) {
        return written.isPresent() ? new Return(roundedUp(delay)) : lost();
    }

    /** The message stays as it is: should the other run fall silent too, it brings the job back. */
    private Disposition lost() {
        metrics.fenceRejected();
        LOG.warn("run lost its job to another");
        return new Return(Duration.ofMinutes(1));
    }

    /**
     * A duplicate of a message whose job has ended. Its end is announced again, in case the first time was cut short.
     */
    private Disposition absorb(Job job) throws InterruptedException {
        metrics.duplicateAbsorbed();
        queues.announce(job);
        return new Delete();
    }

    private Disposition returnAt(Instant at) {
        metrics.claimLost();
        var remaining = Duration.between(clock.instant(), at).plusMillis(random.nextLong(1_000));
        return new Return(roundedUp(remaining));
    }

    /** SQS counts visibility in whole seconds; a message that returns too early would only lose its claim. */
    private static Duration roundedUp(Duration delay) {
        return Duration.ofSeconds(Math.max(0, delay.plusMillis(999).toSeconds()));
    }
}
