package dev.holdfast.bench;

import dev.holdfast.bench.contestant.Clients;
import dev.holdfast.bench.contestant.CountingUnits;
import dev.holdfast.bench.contestant.HoldfastJobs;
import dev.holdfast.bench.contestant.Settings;
import dev.holdfast.bench.contestant.SmallJob;
import dev.holdfast.job.Lane;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts every request and unit of jobs from their acceptance to their deletion, by action. */
final class Price {

    /** Dollars for a million, us-east-1: standard queues, tables on demand. */
    static final double SQS_REQUESTS = 0.40;

    static final double WRITE_UNITS = 0.625;
    static final double READ_UNITS = 0.125;

    private final Field field;
    private final int jobs;

    Price(Field field, int jobs) {
        this.field = field;
        this.jobs = jobs;
    }

    /**
     * How jobs come.
     *
     * @param atOnce jobs that are on their way to the queue at the same time
     * @param perSecond 0 = as fast as they are accepted
     * @param backlog whether all are accepted before the first is worked on
     * @param mailed whether somebody is told of their end; then the notifier's requests to SQS are counted as well
     */
    record Load(String name, int atOnce, int perSecond, boolean backlog, boolean mailed) {}

    static final List<Load> LOADS = List.of(
            new Load("64 clients, then the work", 64, 0, true, false),
            new Load("64 clients beside the work", 64, 0, false, false),
            new Load("the same, each end mailed", 64, 0, false, true),
            new Load("4 batches of 100 beside the work", 400, 0, false, false),
            new Load("100 a second", 64, 100, false, false),
            new Load("10 a second", 64, 10, false, false));

    /** Not counted: the services of an installation are warm. */
    static final Load WARM_UP = new Load("warm-up", 64, 0, false, false);

    Result count(Load load) throws Exception {
        var prefix = field.prepare();
        var names = new QueueNames(prefix);
        var queue = names.lane(Lane.BULK);
        var number = load.perSecond() == 0 ? jobs : Math.min(jobs, load.perSecond() * 20);
        var runtime = new HoldfastJobs(new Clients(field.environment()), Settings.of(QueueConfig.class, Map.of()));
        var table = runtime.table(prefix);
        var queues = runtime.queues(prefix);
        var random = new Random();
        var done = new CountDownLatch(number);
        if (!load.backlog()) runtime.start(queue, done::countDown);
        if (load.mailed()) runtime.startNotifier(names.events());
        var begin = System.nanoTime();
        Field.inParallel(load.atOnce(), number, i -> {
            if (load.perSecond() > 0) sleepUntil(begin + TimeUnit.SECONDS.toNanos(i) / load.perSecond());
            var job = SmallJob.accepted(random, load.mailed());
            table.submit(job);
            queues.enqueue(job, Duration.ZERO);
        });
        if (load.backlog()) runtime.start(queue, done::countDown);
        done.await();
        field.awaitEmpty(queue);
        if (load.mailed()) field.awaitEmpty(names.events());
        var seconds = (System.nanoTime() - begin) / 1e9;
        var counts = new TreeMap<>(runtime.counts());
        runtime.stop();
        return new Result(Race.PRICE, load.name(), 1, number, seconds, 0, 0, 0, 0, 0, counts);
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    }

    /** Dollars for a million of such jobs. */
    static double dollars(Result result) {
        return result.sqsCalls() * SQS_REQUESTS
                + result.perMessage(CountingUnits.WRITE_UNITS) * WRITE_UNITS
                + result.perMessage(CountingUnits.READ_UNITS) * READ_UNITS;
    }
}
