package dev.holdfast.tests.faults;

import dev.holdfast.local.ProcessSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The long test, run by hand through {@code tests/soak}: load and trouble for minutes, then calm, then the checker's
 * report. Ends with status 0 if all invariants held.
 */
public final class Soak {

    private static final Duration DRAIN = Duration.ofMinutes(8);
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration BETWEEN_RESTARTS = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(15);

    private final SoakOptions options;
    private final FaultHouse house;
    private final Recorder recorder;
    private Instant lastLine = Instant.MIN;

    private Soak(SoakOptions options, FaultHouse house) {
        this.options = options;
        this.house = house;
        this.recorder = new Recorder(house.house.api);
    }

    /** The arguments are those of {@link SoakOptions#USAGE}. */
    public static void main(String[] arguments) throws Exception {
        var options = SoakOptions.parse(arguments);
        System.out.println(options);
        boolean held;
        try (var house = FaultHouse.start(stack -> stack.withWorkers(options.workers()))) {
            for (var i = 0; i < options.probes(); i++) house.addPatientProbe();
            held = new Soak(options, house).run();
        }
        System.exit(held ? 0 : 1);
    }

    private boolean run() throws Exception {
        if (!options.rollingRestart()) recorder.allowTrouble();
        var begun = Instant.now();
        var load = SoakLoad.start(recorder, options);
        try (load) {
            if (options.rollingRestart()) restartWorkers(begun, load);
            else makeTrouble(begun, load);
        }
        var loadEnded = Instant.now();
        house.heal();
        Awaitility.await("a promise for every client").atMost(DRAIN).until(() -> load.open() == 0);
        var report = Checker.check(house, recorder, DRAIN, RECOVERY);
        System.out.println(report);
        throughput(begun, loadEnded);
        return report.held();
    }

    private void makeTrouble(Instant begun, SoakLoad load) throws InterruptedException {
        var trouble = new SoakTrouble(house, recorder, options.seed());
        while (Instant.now().isBefore(begun.plus(options.length()))) {
            System.out.printf(
                    "%4d s  %s%n", Duration.between(begun, Instant.now()).toSeconds(), trouble.next());
            progress(load);
        }
        System.out.println(
                trouble.troubles() + " troubles, " + recorder.deaths().size() + " of them deaths or frosts");
    }

    private void restartWorkers(Instant begun, SoakLoad load) throws Exception {
        for (var restart = 0; Instant.now().isBefore(begun.plus(options.length())); restart++) {
            Thread.sleep(BETWEEN_RESTARTS);
            var worker = house.workers().get(restart % house.workers().size());
            var ending = worker.handle();
            var stopped = Instant.now();
            worker.send(ProcessSignal.TERM);
            ending.onExit().get(60, TimeUnit.SECONDS);
            var ended = Instant.now();
            FaultHouse.awaitReady(worker);
            System.out.printf(
                    "%4d s  %s ended %d ms after SIGTERM, its successor was ready %d ms later%n",
                    Duration.between(begun, stopped).toSeconds(),
                    worker.name(),
                    Duration.between(stopped, ended).toMillis(),
                    Duration.between(ended, Instant.now()).toMillis());
            progress(load);
        }
    }

    private void progress(SoakLoad load) {
        if (Instant.now().isBefore(lastLine.plus(BETWEEN_LINES))) return;
        lastLine = Instant.now();
        System.out.printf("        %d users asked for, %d clients without a promise%n", load.asked(), load.open());
    }

    /** Jobs ended per second while there was load; the first and last ten seconds are warming up and running out. */
    private void throughput(Instant begun, Instant ended) {
        try (var tables = new Tables(house.house)) {
            var perSecond = new TreeMap<Long, Integer>();
            for (var second = begun.getEpochSecond() + 10; second < ended.getEpochSecond() - 10; second++) {
                perSecond.put(second, 0);
            }
            for (var row : tables.jobs(recorder.promised()).values()) {
                row.finishedAt().ifPresent(at -> perSecond.computeIfPresent(at.getEpochSecond(), (s, n) -> n + 1));
            }
            var rates = perSecond.values().stream().sorted().toList();
            if (rates.isEmpty()) return;
            var all = rates.stream().mapToLong(rate -> rate).summaryStatistics();
            System.out.println(told(rates, all));
        }
    }

    private static String told(List<Integer> rates, LongSummaryStatistics all) {
        var median = rates.get(rates.size() / 2);
        var low = rates.stream().filter(rate -> rate < median / 2).count();
        return "jobs ended per second: median %d, mean %.1f, 1st percentile %d, lowest %d, highest %d; %d of %d seconds below half the median"
                .formatted(
                        median,
                        all.getAverage(),
                        rates.get(rates.size() / 100),
                        all.getMin(),
                        all.getMax(),
                        low,
                        rates.size());
    }
}
