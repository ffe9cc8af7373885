package dev.holdfast.bench;

import dev.holdfast.bench.contestant.CountingUnits;
import dev.holdfast.local.Checkout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The harness. It runs on the stand-ins' core, and sleeps while a contestant drains. */
public final class Bench {

    private static final Duration HTTP_ROUND = Duration.ofSeconds(8);

    private final Options options;
    private final Path home;
    private final Results results;

    private Bench(Options options, Path home) {
        this.options = options;
        this.home = home;
        this.results = new Results(home.resolve("results.jsonl"));
    }

    /** The arguments are those of {@code tests/bench/run}. */
    public static void main(String[] arguments) throws Exception {
        try {
            var checkout = Checkout.find();
            new Bench(Options.parse(arguments), checkout.root().resolve("tests/bench")).run(checkout);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
        }
        System.exit(0);
    }

    private void run(Checkout checkout) throws Exception {
        switch (options.command()) {
            case "bare" -> race(checkout, Race.BARE);
            case "job" -> race(checkout, Race.JOB);
            case "price" -> price(checkout);
            case "http" -> http(checkout);
            case "waiters" -> {
                try (var field = new Field(checkout, home.resolve("target/logs"));
                        var waiters = new Waiters(field, checkout, home.resolve("target/logs"))) {
                    waiters.run();
                }
            }
            case "report" -> {
                // Only what follows.
            }
            default -> throw new IllegalArgumentException("there is no race " + options.command());
        }
        new Report(results.all(), Entry.all(home, List.of()), home)
                .write(checkout.root().resolve("docs/benchmarks.md"));
    }

    private void price(Checkout checkout) throws Exception {
        results.forget(Race.PRICE, List.of());
        try (var field = new Field(checkout, home.resolve("target/logs"))) {
            var price = new Price(field, options.messages());
            price.count(Price.WARM_UP);
            for (var load : Price.LOADS) {
                var result = price.count(load);
                results.add(result);
                System.out.printf(
                        "%-26s %6.0f jobs/s  %.3f SQS requests  %.3f write units  %.3f read units  $%.2f for a million%n",
                        result.contestant(),
                        result.rate(),
                        result.sqsCalls(),
                        result.perMessage(CountingUnits.WRITE_UNITS),
                        result.perMessage(CountingUnits.READ_UNITS),
                        Price.dollars(result));
                result.counts()
                        .forEach((name, count) -> System.out.printf("    %s %.4f%n", name, count / result.messages()));
            }
        }
    }

    private void http(Checkout checkout) throws Exception {
        results.forget(Race.HTTP, List.of());
        try (var field = new Field(checkout, home.resolve("target/logs"));
                var http = new HttpLoad(field, checkout, home.resolve("target/logs"))) {
            for (var round = 1 - Math.min(2, options.warmUp()); round <= options.rounds(); round++) {
                for (var load : HttpLoad.LOADS) {
                    var result = http.run(load, HTTP_ROUND, round);
                    if (round > 0) results.add(result);
                    System.out.printf(
                            "%-36s %s %7.0f jobs/s  p50 %6.1f ms  p99 %6.1f ms  %4.0f µs CPU a job%n",
                            result.contestant(),
                            round > 0 ? "round " + round : "warm-up",
                            result.rate(),
                            result.counts().get(HttpLoad.P50),
                            result.counts().get(HttpLoad.P99),
                            result.cpuMicros());
                }
            }
        }
    }

    private void race(Checkout checkout, Race race) throws Exception {
        if (!options.more()) results.forget(race, options.only());
        var entries = Entry.all(home, options.jvm()).stream()
                .filter(entry -> entry.race() == race)
                .filter(entry -> options.only().isEmpty() || options.only().contains(entry.name()))
                .toList();
        try (var field = new Field(checkout, home.resolve("target/logs"));
                var racers = new Racers()) {
            for (var round = 1 - options.warmUp(); round <= options.rounds(); round++) {
                for (var entry : entries) {
                    var racer = racers.of(entry, () -> racer(field, entry));
                    var result = drain(field, racer, entry, round, options.messages() / entry.share());
                    if (round > 0) results.add(result);
                    print(result);
                }
            }
        }
    }

    private static void print(Result result) {
        System.out.printf(
                "%-22s %s %6.0f/s  %5.0f µs (%.0f without JIT)  sqs stand-in %4.0f µs  dynamo %4.0f µs  %.3f SQS calls  %d MiB  (%.1f s)%n",
                result.contestant(),
                result.round() > 0 ? "round " + result.round() : "warm-up",
                result.rate(),
                result.cpuMicros(),
                result.warmCpuMicros(),
                result.sqsCpuSeconds() / result.messages() * 1e6,
                result.dynamoCpuSeconds() / result.messages() * 1e6,
                result.sqsCalls(),
                result.peakRssKib() / 1024,
                result.seconds());
    }

    private Racer racer(Field field, Entry entry) {
        return new Racer(entry, field.environment(), home.resolve("target/logs/" + entry.name() + ".log"));
    }

    private Result drain(Field field, Racer racer, Entry entry, int round, int messages) throws Exception {
        var queue = field.fill(entry.race(), messages);
        System.gc(); // the harness's own garbage, now and not during the drain
        var cpu = racer.cpu();
        var jit = racer.jitCpu();
        var sqs = field.cpu("local-cloud");
        var dynamo = field.cpu("dynamodb");
        var begin = System.nanoTime();
        racer.drain(queue, messages);
        racer.awaitHandled();
        field.awaitEmpty(queue);
        var seconds = (System.nanoTime() - begin) / 1e9;
        var result = new Result(
                entry.race(),
                entry.name(),
                round,
                messages,
                seconds,
                seconds(racer.cpu().minus(cpu)),
                seconds(racer.jitCpu().minus(jit)),
                seconds(field.cpu("local-cloud").minus(sqs)),
                seconds(field.cpu("dynamodb").minus(dynamo)),
                racer.peakRssKib(),
                racer.stop());
        field.drop(queue);
        return result;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
