package dev.holdfast.bench;

import dev.holdfast.bench.contestant.Clients;
import dev.holdfast.bench.contestant.Counting;
import dev.holdfast.bench.contestant.HoldfastJobs;
import dev.holdfast.bench.contestant.Settings;
import dev.holdfast.bench.contestant.SmallJob;
import dev.holdfast.core.TableNames;
import dev.holdfast.job.Lane;
import dev.holdfast.local.AwsEndpoints;
import dev.holdfast.local.Checkout;
import dev.holdfast.local.StandInOptions;
import dev.holdfast.local.StandIns;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.table.JobTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** The stand-ins with full JIT, and queues that are filled before each race. */
final class Field implements AutoCloseable {

    private static final String BODY = "x".repeat(1024);
    private static final int BATCH = 10;

    private final StandIns standIns;
    private final SqsClient sqs;
    private final DynamoDbClient dynamo;
    private int number;

    Field(Checkout checkout, Path logs) throws IOException, InterruptedException {
        standIns = StandIns.start(StandInOptions.inMemory(checkout, logs).withFullJit());
        useAllCores();
        var clients = new Clients(environment());
        sqs = clients.sqs(new Counting());
        dynamo = clients.dynamo(new Counting());
    }

    /** The stand-ins keep the core that they were born to; the harness, which fills queues, takes what is free. */
    private static void useAllCores() throws IOException, InterruptedException {
        var self = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("taskset", "-a", "-c", "-p", "0-1", self)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    AwsEndpoints endpoints() {
        return standIns.endpoints();
    }

    Map<String, String> environment() {
        return endpoints().environment();
    }

    /** CPU that a stand-in, {@code local-cloud} or {@code dynamodb}, has taken so far. */
    Duration cpu(String standIn) {
        return standIns.children().stream()
                .filter(child -> child.name().equals(standIn))
                .findFirst()
                .flatMap(child -> child.handle().info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** A new queue with that many messages, or with that many jobs and their rows. Returns its name. */
    String fill(Race race, int messages) throws Exception {
        return switch (race) {
            case BARE -> fillWithMessages(messages);
            case JOB, PRICE, HTTP -> fillWithJobs(messages);
        };
    }

    private String fillWithMessages(int messages) throws Exception {
        var queue = "bench-" + ++number;
        var url = sqs.createQueue(create -> create.queueName(queue)).queueUrl();
        inParallel(
                8,
                messages / BATCH,
                batch -> sqs.sendMessageBatch(send -> send.queueUrl(url)
                        .entries(IntStream.range(0, BATCH)
                                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                        .id(Integer.toString(i))
                                        .messageBody(BODY)
                                        .build())
                                .toList())));
        return queue;
    }

    private String fillWithJobs(int jobs) throws Exception {
        var prefix = prepare();
        var random = new Random();
        var submitter = new HoldfastJobs(new Clients(environment()), Settings.of(QueueConfig.class, Map.of()));
        var table = submitter.table(prefix);
        var queues = submitter.queues(prefix);
        inParallel(32, jobs, i -> {
            var job = SmallJob.accepted(random, false);
            table.submit(job);
            queues.enqueue(job, Duration.ZERO);
        });
        return new QueueNames(prefix).lane(Lane.BULK);
    }

    /** Makes queues and a table of their own. Returns their prefix. */
    String prepare() {
        var prefix = "bench-" + ++number + "-";
        var names = new QueueNames(prefix);
        for (var lane : Lane.values()) new QueueResource(sqs, names.lane(lane)).provision();
        new QueueResource(sqs, names.events()).provision();
        JobTable.resource(dynamo, new TableNames(prefix).jobs()).provision();
        return prefix;
    }

    /** Waits until neither visible nor hidden messages are left. */
    void awaitEmpty(String queue) throws InterruptedException {
        var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        var deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (messages(url) > 0) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("messages are left on " + queue);
            Thread.sleep(5);
        }
    }

    private int messages(String url) {
        return sqs
                .getQueueAttributes(get -> get.queueUrl(url)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    void drop(String queue) {
        sqs.deleteQueue(delete ->
                delete.queueUrl(sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl()));
    }

    /** Something to do for the n-th time. */
    interface Task {
        void run(int number) throws Exception;
    }

    static void inParallel(int threads, int times, Task task) throws Exception {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var all = new ArrayList<Future<?>>();
            for (var i = 0; i < times; i++) {
                var turn = i;
                all.add(pool.submit(() -> {
                    task.run(turn);
                    return turn;
                }));
            }
            for (var one : all) one.get();
        }
    }

    @Override
    public void close() {
        sqs.close();
        dynamo.close();
        standIns.close();
    }
}
