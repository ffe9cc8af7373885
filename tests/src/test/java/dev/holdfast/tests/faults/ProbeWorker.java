package dev.holdfast.tests.faults;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.Lane;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.run.Admission;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.JobTableConfig;
import dev.holdfast.testing.Endpoints;
import dev.holdfast.tests.Settings;
import dev.holdfast.trace.Tracing;
import dev.holdfast.users.UserTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A worker process of the tests' own: the runtime as the real worker has it, configured by the same environment
 * variables, and a handler that does what its jobs tell it. Serves the quick lane.
 */
public final class ProbeWorker {

    private ProbeWorker() {}

    /** Runs until SIGTERM. {@code arguments}: by how many seconds this process's clock is wrong. */
    public static void main(String[] arguments) throws InterruptedException {
        var config = Settings.of(Map.of(), ResourcesConfig.class, QueueConfig.class, JobTableConfig.class);
        var skew = Duration.ofSeconds(Long.parseLong(arguments[0]));
        var consumer = consumer(config, new ProbeClock(skew));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(consumer)));
        consumer.start();
        System.out.println("probe works, its clock off by " + skew);
        Thread.currentThread().join();
    }

    private static void stop(QueueConsumer consumer) {
        try {
            consumer.stop();
            System.out.println("probe has stopped");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private static QueueConsumer consumer(SmallRyeConfig config, ProbeClock clock) {
        var resources = config.getConfigMapping(ResourcesConfig.class);
        var queueing = config.getConfigMapping(QueueConfig.class);
        var keeping = config.getConfigMapping(JobTableConfig.class);
        var sqs = SqsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        var dynamo = DynamoDbClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        var s3 = Endpoints.s3Builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        var random = new SecureRandom();
        var queues = new QueueNames(resources.prefix());
        var tables = new TableNames(resources.prefix());
        var metrics = new Metrics(new SimpleMeterRegistry());
        var jobs = new JobTable(dynamo, tables.jobs(), keeping, clock, random);
        var effects = new EffectLog(dynamo, resources.prefix(), jobs);
        effects.provision();
        var users = new UserTable(dynamo, tables.userData(), jobs);
        var handler = new ProbeHandler(effects, users, s3, resources.bucket(), clock);
        var families = new JobFamilies(dynamo, tables.jobs(), jobs, keeping, clock);
        var runner = new JobRunner(
                jobs,
                families,
                handler,
                new JobQueues(sqs, queues, queueing, Tracing.OFF),
                new Admission(queueing.slots(), clock),
                metrics,
                Tracing.OFF,
                clock,
                random);
        return new QueueConsumer(
                sqs, new QueueUrl(sqs, queues.lane(Lane.QUICK)), runner, queueing, metrics, Tracing.OFF);
    }
}
