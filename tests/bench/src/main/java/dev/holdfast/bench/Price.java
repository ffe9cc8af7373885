package dev.holdfast.bench;

import dev.holdfast.bench.contestant.Clients;
import dev.holdfast.bench.contestant.CountingUnits;
import dev.holdfast.bench.contestant.HoldfastJobs;
import dev.holdfast.bench.contestant.Settings;
import dev.holdfast.bench.contestant.SmallJob;
import dev.holdfast.job.Lane;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** What a million jobs cost: counts every request and unit of a run, from the acceptance to the deletion. */
final class Price {

    /** Dollars for a million, us-east-1, standard queues, on demand. */
    private static final double SQS_REQUESTS = 0.40;

    private static final double WRITE_UNITS = 0.625;
    private static final double READ_UNITS = 0.125;

    private final Field field;
    private final int jobs;

    Price(Field field, int jobs) {
        this.field = field;
        this.jobs = jobs;
    }

    void run(Path file) throws Exception {
        count(64, false);
        count(64, true);
    }

    private void count(int clients, boolean mailed) throws Exception {
        var prefix = field.prepare();
        var runtime = new HoldfastJobs(new Clients(field.environment()), Settings.of(QueueConfig.class, Map.of()));
        var table = runtime.table(prefix);
        var queues = runtime.queues(prefix);
        var random = new Random();
        var done = new CountDownLatch(jobs);
        var queue = new QueueNames(prefix).lane(Lane.BULK);
        runtime.start(queue, done::countDown);
        var begin = System.nanoTime();
        Field.inParallel(clients, jobs, i -> {
            var job = SmallJob.accepted(random, mailed);
            table.submit(job);
            queues.enqueue(job, Duration.ZERO);
        });
        done.await();
        field.awaitEmpty(queue);
        var seconds = (System.nanoTime() - begin) / 1e9;
        var counts = new TreeMap<>(runtime.counts());
        runtime.stop();
        System.out.printf(
                "%n%d jobs, %d clients%s: %.0f jobs/s%n", jobs, clients, mailed ? ", mailed" : "", jobs / seconds);
        var sqs = 0.0;
        for (var count : counts.entrySet()) {
            System.out.printf("  %-28s %.4f per job%n", count.getKey(), count.getValue() / jobs);
            if (count.getKey().contains("Message")) sqs += count.getValue() / jobs;
        }
        var writes = counts.getOrDefault(CountingUnits.WRITE_UNITS, 0.0) / jobs;
        var reads = counts.getOrDefault(CountingUnits.READ_UNITS, 0.0) / jobs;
        System.out.printf(
                "  %.3f SQS requests, %.3f write units, %.3f read units: a million jobs cost $%.2f%n",
                sqs, writes, reads, sqs * SQS_REQUESTS + writes * WRITE_UNITS + reads * READ_UNITS);
    }
}
