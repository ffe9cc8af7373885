package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.UnreadableJobException;
import dev.holdfast.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import software.amazon.awssdk.core.exception.SdkException;

/** Takes a message through the whole way of a job: admission, claim, work, end, event. */
public final class JobRunner implements MessageHandler {

    private static final Logger LOG = Logger.getLogger(JobRunner.class);

    /** Runs that may fall silent before the job is given up: it may be what kills them. */
    private static final int MAX_CRASHES = 2;

    /** What log lines carry while a job is in work. */
    private static final List<String> CONTEXT = List.of("jobId", "type", "attempt");

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    /** What was damaged on its way is whole when it is read again; what is kept damaged never is. */
    private static final int READS = 5;

    /** The longest wait of a message whose job is in work elsewhere, once the lease of that has run out. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final JobTable table;
    private final JobHandler handler;
    private final Admission admission;
    private final Metrics metrics;
    private final Tracing tracing;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Runs runs;
    private final Settlement settlement;
    private final Semaphore doubtful = new Semaphore(1);

    public JobRunner(
            JobTable table,
            JobFamilies families,
            JobHandler handler,
            JobQueues queues,
            Admission admission,
            Metrics metrics,
            Tracing tracing,
            InstantSource clock,
            RandomGenerator random) {
        this.table = table;
        this.handler = handler;
        this.admission = admission;
        this.metrics = metrics;
        this.tracing = tracing;
        this.clock = clock;
        this.random = random;
        this.runs = new Runs(table, queues, metrics);
        this.settlement = new Settlement(table, families, queues, metrics);
    }

    @Override
    public Disposition handle(Delivery delivery) throws InterruptedException {
        var message = JobMessage.parse(delivery.body());
        if (message.isEmpty()) return new SetAside("not a job message");
        var type = message.get().knownType();
        if (type.isEmpty()) return new Return(A_MINUTE); // of a later release: for a worker that can read it
        return admit(message.get(), type.get(), delivery);
    }

    private Disposition admit(JobMessage message, JobType type, Delivery delivery) throws InterruptedException {
        var admitted = admission.enter(type, message.tenant());
        if (admitted.isEmpty()) {
            metrics.heldBack(type);
            return new Return(Admission.comesAgain(delivery.receives(), random));
        }
        try (var place = admitted.get()) {
            return switch (table.claim(message.job())) {
                case Claim.Won(var job) -> run(job, delivery, place);
                case Claim.Ended(var job) -> settlement.absorb(job);
                case Claim.Waiting(var job) -> settlement.resume(job);
                case Claim.NotBefore(var at) -> returnAt(at, delivery.receives());
                case Claim.Unknown() -> new SetAside("no such job");
            };
        } catch (UnreadableJobException damaged) {
            return delivery.receives() < READS
                    ? new Return(A_MINUTE)
                    : new SetAside(String.valueOf(damaged.getMessage()));
        }
    }

    /** Keeps the lease of the message's run, and takes the slot from a handler that does not heed its stop. */
    @Override
    public Optional<Disposition> heartbeat(Delivery delivery) throws InterruptedException {
        var stuck = runs.beat(delivery);
        if (stuck.isEmpty()) return Optional.empty();
        metrics.jobStuck(stuck.get().job().spec().type());
        LOG.errorf(
                "handler does not stop jobId=%s type=%s",
                stuck.get().job().id(), stuck.get().job().spec().type().wireName());
        return Optional.of(abandon(stuck.get()));
    }

    private Disposition abandon(Run stuck) throws InterruptedException {
        try {
            return settlement.of(stuck.job(), Verdict.of(stuck, new IllegalStateException("stuck"), false, random));
        } catch (SdkException unreachable) {
            return new Return(A_MINUTE); // the lease runs out, and another takes the job over
        }
    }

    private Disposition run(Job job, Delivery delivery, Admission.Place place) throws InterruptedException {
        var run = new Run(job, clock);
        MDC.put("jobId", job.id().toString());
        MDC.put("type", job.spec().type().wireName());
        MDC.put("attempt", Integer.toString(job.attempt()));
        metrics.jobStarted(job);
        if (tracing.isOn()) describe(job, delivery);
        try {
            var outcome = workUnderHeartbeat(run, delivery, place);
            Thread.interrupted(); // the work is done: what wanted to stop it came too late
            return settlement.of(job, outcome);
        } catch (Exception surprise) {
            var interrupted = Thread.interrupted(); // cleared, for the writes that follow
            LOG.debug("run ended by a surprise", surprise);
            return settlement.of(job, Verdict.of(run, surprise, interrupted, random));
        } finally {
            for (var key : CONTEXT) MDC.remove(key); // and not that of the trace
        }
    }

    /** What is seen of a job in its trace, beside its attempts. */
    private void describe(Job job, Delivery delivery) {
        Span.current()
                .setAttribute("holdfast.job.id", job.id().toString())
                .setAttribute("holdfast.job.type", job.spec().type().wireName())
                .setAttribute("holdfast.tenant", job.tenant());
        var lines = job.history().size();
        if (delivery.receives() == 1 || lines < 2) return; // its first wait is seen by the consumer
        var before = job.history().get(lines - 2);
        var after = (before.state() + " " + before.note()).strip();
        tracing.waited(delivery.traceparent(), before.at(), job.updatedAt(), job.attempt(), after);
    }

    private Outcome workUnderHeartbeat(Run run, Delivery delivery, Admission.Place place) throws Exception {
        runs.begin(delivery, run, place);
        try {
            return attempt(run);
        } finally {
            runs.end(delivery);
        }
    }

    private Outcome attempt(Run run) throws Exception {
        if (!tracing.isOn()) return work(run);
        var attempt = tracing.step("run " + run.job().spec().type().wireName())
                .with("holdfast.job.attempt", run.job().attempt())
                .with("holdfast.job.fence", run.job().fence());
        return attempt.around(() -> {
            var outcome = work(run);
            attempt.with("holdfast.job.outcome", outcome.getClass().getSimpleName());
            return outcome;
        });
    }

    private Outcome work(Run run) throws Exception {
        var job = run.job();
        if (job.crashes() >= MAX_CRASHES) {
            metrics.quarantined(job.spec().type());
            return new Rejected("quarantined", "Its run ended without a word " + job.crashes() + " times.");
        }
        if (job.cancelRequested()) run.stop(Run.Stop.CANCELLED);
        run.overdue().ifPresent(run::stop);
        run.ensureMine();
        return job.crashes() == 0 ? handler.handle(run) : workAlone(run);
    }

    /**
     * Of jobs whose runs fell silent one at a time: one that kills its process must not bring the others into doubt.
     */
    private Outcome workAlone(Run run) throws Exception {
        if (!doubtful.tryAcquire()) {
            var delay = Duration.ofMillis(random.nextLong(2_000, 10_000));
            return new Postponed(delay, "waits for another job that was cut short");
        }
        try {
            return handler.handle(run);
        } finally {
            doubtful.release();
        }
    }

    /** A message that comes again and again, because its job runs for a day, comes ever more rarely. */
    private Disposition returnAt(Instant at, int receives) {
        metrics.claimLost();
        var remaining = Duration.between(clock.instant(), at).plusMillis(random.nextLong(1_000));
        var patience = Duration.ofSeconds(10L * Math.max(0, receives - 20));
        if (patience.compareTo(LONGEST_WAIT) > 0) patience = LONGEST_WAIT;
        return new Return(remaining.compareTo(patience) > 0 ? remaining : patience);
    }
}
