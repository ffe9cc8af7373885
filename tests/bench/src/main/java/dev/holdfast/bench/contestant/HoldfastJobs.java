package dev.holdfast.bench.contestant;

import dev.holdfast.trace.Tracing;
import dev.holdfast.core.TableNames;
import dev.holdfast.job.Lane;
import dev.holdfast.job.Outcome;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.run.Admission;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.JobTableConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Holdfast's whole runtime with a handler that does nothing: claim, work, end, deletion. */
public final class HoldfastJobs implements Contestant {

    private final Counting calls = new Counting();
    private final CountingUnits units = new CountingUnits();
    private final SqsClient sqs;
    private final DynamoDbClient dynamo;
    private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
    private final RandomGenerator random = new SecureRandom();
    private final QueueConfig config;
    private final JobTableConfig jobs = Settings.of(JobTableConfig.class, Map.of());
    private final List<QueueConsumer> consumers = new ArrayList<>();

    public HoldfastJobs(Clients clients, QueueConfig config) {
        this.sqs = clients.sqs(calls);
        this.dynamo = clients.dynamo(units);
        this.config = config;
    }

    /** The argument is the number of slots. */
    public static void main(String[] arguments) throws Exception {
        var config = Settings.of(QueueConfig.class, Map.of("holdfast.queue.slots", arguments[0]));
        Contestant.serve(new HoldfastJobs(Clients.here(), config));
    }

    /** The table of jobs below a prefix. */
    public JobTable table(String prefix) {
        return new JobTable(dynamo, new TableNames(prefix).jobs(), jobs, InstantSource.system(), random);
    }

    /** The queues below a prefix. */
    public JobQueues queues(String prefix) {
        return new JobQueues(sqs, new QueueNames(prefix), config, Tracing.OFF);
    }

    @Override
    public void start(String queue, Runnable handled) {
        var prefix = queue.substring(0, queue.length() - Lane.BULK.wireName().length());
        JobHandler handler = run -> {
            handled.run();
            return new Outcome.Succeeded(SmallJob.RESULT);
        };
        var clock = InstantSource.system();
        var name = new TableNames(prefix).jobs();
        var table = table(prefix);
        var families = new JobFamilies(dynamo, name, table, jobs, clock);
        var admission = new Admission(config.slots(), clock);
        var runner = new JobRunner(table, families, handler, queues(prefix), admission, metrics, Tracing.OFF, clock, random);
        consume(queue, runner);
    }

    /** Also consumes the ends of jobs, as the notifier would, and mails nobody. */
    public void startNotifier(String queue) {
        consume(queue, event -> new Disposition.Delete());
    }

    private void consume(String queue, MessageHandler handler) {
        var consumer = new QueueConsumer(sqs, new QueueUrl(sqs, queue), handler, config, metrics, Tracing.OFF);
        consumer.start();
        consumers.add(consumer);
    }

    @Override
    public void stop() throws InterruptedException {
        QueueConsumer.stopAll(consumers);
        consumers.clear();
    }

    @Override
    public Map<String, Double> counts() {
        var all = new TreeMap<>(calls.counts());
        all.putAll(units.counts());
        return all;
    }
}
