package dev.holdfast.tests;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Lane;
import dev.holdfast.job.Notify;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.run.Admission;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.JobControl;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.JobTableConfig;
import dev.holdfast.trace.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The parts of job-core on real queues and a real table of their own, with a clock that the test moves. */
final class Core implements AutoCloseable {

    static final Duration LEASE = Duration.ofSeconds(45);

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Random random = new Random();
    final SqsClient sqs = Cloud.sqs();
    final DynamoDbClient dynamo = Cloud.dynamo();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Metrics metrics = new Metrics(meters);
    final QueueNames names;
    final String table;
    final JobTable jobs;
    final JobFamilies families;
    final JobControl control;
    final JobIndex index;
    volatile Tracing tracing = Tracing.OFF;
    volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private Core(String prefix) {
        names = new QueueNames(prefix);
        for (var lane : Lane.values()) new QueueResource(sqs, names.lane(lane)).provision();
        new QueueResource(sqs, names.events()).provision();
        table = new TableNames(prefix).jobs();
        JobTable.resource(dynamo, table).provision();
        var keeping = new Keeping(LEASE, Duration.ofDays(90));
        jobs = new JobTable(dynamo, table, keeping, () -> now, random);
        families = new JobFamilies(dynamo, table, jobs, keeping, () -> now);
        control = new JobControl(dynamo, table, keeping, () -> now, random);
        index = new JobIndex(dynamo, table);
    }

    static Core start() {
        return new Core("core-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-");
    }

    /** How jobs are kept. */
    record Keeping(Duration lease, Duration retention) implements JobTableConfig {}

    /** How queues are consumed. */
    record Consuming(
            int slots,
            Duration waitTime,
            Duration visibilityTimeout,
            Duration deleteWait,
            Duration sendWait,
            Duration drainTimeout)
            implements QueueConfig {

        static Consuming slots(int slots) {
            return new Consuming(
                    slots,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(50),
                    Duration.ofMillis(5),
                    Duration.ofSeconds(10));
        }

        Consuming visibility(Duration timeout) {
            return new Consuming(slots, waitTime, timeout, deleteWait, sendWait, drainTimeout);
        }

        Consuming drain(Duration timeout) {
            return new Consuming(slots, waitTime, visibilityTimeout, deleteWait, sendWait, timeout);
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** A registration that asks for three attempts. */
    Job job(String requestHash) {
        return job(JobId.timeOrdered(now, random), requestHash);
    }

    Job job(JobId id, String requestHash) {
        return job(id, requestHash, Optional.empty(), Optional.empty());
    }

    /** The same that has to end within that time. */
    Job jobDueWithin(Duration time) {
        return job(JobId.timeOrdered(now, random), "x", Optional.empty(), Optional.of(now.plus(time)));
    }

    /** The same that starts after that time. */
    Job jobStartingIn(Duration time) {
        return job(JobId.timeOrdered(now, random), "x", Optional.of(now.plus(time)), Optional.empty());
    }

    /** A backup, which may run for a day. */
    Job longJob() {
        var payload = new JobPayload.Backup(
                "default",
                new BackupSource.Inline("file", ""),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        var spec = new JobSpec(payload, Notify.NOBODY, Optional.empty(), Optional.empty(), 3, Map.of());
        return Job.accepted(JobId.timeOrdered(now, random), "acme", spec, "x", TRACE, now);
    }

    private Job job(JobId id, String requestHash, Optional<Instant> notBefore, Optional<Instant> deadline) {
        var payload = new JobPayload.Registration("ada", "ada@example.org", Map.of());
        var spec = new JobSpec(payload, Notify.NOBODY, notBefore, deadline, 3, Map.of());
        return Job.accepted(id, "acme", spec, requestHash, TRACE, now);
    }

    QueueConsumer consumer(MessageHandler handler, QueueConfig config) {
        return consumer(sqs, handler, config);
    }

    /** The same by another client. */
    QueueConsumer consumer(SqsClient client, MessageHandler handler, QueueConfig config) {
        var queue = new QueueUrl(client, names.lane(Lane.QUICK));
        return new QueueConsumer(client, queue, handler, config, metrics, tracing);
    }

    JobQueues queues() {
        return new JobQueues(sqs, names, Consuming.slots(1), tracing);
    }

    JobRunner runner(JobHandler handler) {
        var admission = new Admission(32, () -> now);
        return new JobRunner(jobs, families, handler, queues(), admission, metrics, tracing, () -> now, random);
    }

    /** The visible and the hidden messages of a queue of this core. */
    int messages(String queue) {
        var attributes = sqs.getQueueAttributes(get -> get.queueUrl(new QueueUrl(sqs, queue).get())
                        .attributeNamesWithStrings(
                                "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"))
                .attributesAsStrings();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    @Override
    public void close() {
        sqs.close();
        dynamo.close();
    }
}
