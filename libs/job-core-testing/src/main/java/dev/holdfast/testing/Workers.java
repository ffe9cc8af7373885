package dev.holdfast.testing;

import dev.holdfast.job.Children;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Notify;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.run.Admission;
import dev.holdfast.run.JobMessage;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobTable;
import dev.holdfast.trace.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The workers of a trial: each delivery comes to another one, with a handler and a runner of its own. */
final class Workers {

    /** A job that has not ended after so many deliveries never will. */
    private static final int MOST_DELIVERIES = 20;

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Workplace workplace;
    private final Subject subject;
    private final JobTable table;
    private final JobFamilies families;
    private final JobQueues queues;
    private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
    private final AtomicInteger deliveries = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private volatile Optional<JobId> inWork = Optional.empty();

    Workers(Workplace workplace, Subject subject) {
        this.workplace = workplace;
        this.subject = subject;
        var dynamo = workplace.runtimeDynamo();
        var name = workplace.tables().jobs();
        var clock = workplace.clock();
        this.table = new JobTable(dynamo, name, workplace.settings(), clock, workplace.random());
        this.families = new JobFamilies(dynamo, name, table, workplace.settings(), clock);
        this.queues = new JobQueues(workplace.runtimeSqs(), workplace.queues(), workplace.settings(), Tracing.OFF);
    }

    /** Stores a fresh job. */
    Job accept() {
        var payload = subject.payload().get();
        var attempts = payload.type().retryPolicy().maxAttempts();
        var spec = new JobSpec(payload, Notify.NOBODY, Optional.empty(), Optional.empty(), attempts, Map.of());
        var now = workplace.clock().instant();
        var job = Job.accepted(JobId.timeOrdered(now, workplace.random()), Workplace.TENANT, spec, "", TRACE, now);
        table.submit(job);
        return job;
    }

    Job find(JobId id) {
        return table.find(id).orElseThrow();
    }

    /** How many runs there were. */
    int runs() {
        return runs.get();
    }

    /** The job whose message was delivered last. */
    JobId inWork() {
        return inWork.orElseThrow();
    }

    /** Delivers the job's message until it has ended, and those of its children. Returns it as it stands then. */
    Job drive(JobId id) throws InterruptedException {
        for (var delivery = 0; delivery < MOST_DELIVERIES; delivery++) {
            if (find(id).state().isFinal()) break;
            for (var child : unfinishedChildren(find(id))) drive(child);
            deliver(id);
        }
        return find(id);
    }

    private static List<JobId> unfinishedChildren(Job job) {
        return job.state() == JobState.WAITING
                ? job.children()
                        .map((Children children) -> children.ids(job.id()))
                        .orElse(List.of())
                : List.of();
    }

    /** Delivers the job's message once, and lets the time pass until it would come again, if it would. */
    void deliver(JobId id) throws InterruptedException {
        inWork = Optional.of(id);
        try {
            switch (handle(id)) {
                case Disposition.Delete() -> {}
                case Disposition.Return(var delay) -> workplace.pass(delay);
                case Disposition.SlowDown(var delay) -> workplace.pass(delay);
                case Disposition.SetAside(var reason) -> throw new IllegalStateException("set aside: " + reason);
            }
        } catch (RuntimeException | Error fatal) {
            if (!workplace.tripwire().isDead()) throw fatal;
            workplace.tripwire().revive();
            leaseRunsOut();
        }
    }

    void leaseRunsOut() {
        workplace.pass(workplace.settings().lease().plus(Duration.ofMillis(1)));
    }

    /** Delivers the job's message to two workers at the same moment. */
    void deliverTwiceAtOnce(JobId id) throws InterruptedException {
        var start = new CyclicBarrier(2);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var both = List.of(1, 2).stream()
                    .map(worker -> workers.submit(() -> {
                        start.await();
                        return handle(id);
                    }))
                    .toList();
            for (var one : both) one.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    private Disposition handle(JobId id) throws InterruptedException {
        var clock = workplace.clock();
        var handler = subject.handler().apply(workplace);
        var runner = new JobRunner(
                table,
                families,
                run -> {
                    runs.incrementAndGet();
                    return handler.handle(run);
                },
                queues,
                new Admission(workplace.settings().slots(), clock),
                metrics,
                Tracing.OFF,
                clock,
                workplace.random());
        var name = Integer.toString(deliveries.incrementAndGet());
        return runner.handle(new Delivery(name, name, JobMessage.body(find(id)), 1, clock.instant(), TRACE));
    }
}
