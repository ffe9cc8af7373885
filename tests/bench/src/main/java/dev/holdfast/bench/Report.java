package dev.holdfast.bench;

import dev.holdfast.bench.contestant.CountingUnits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Writes what was measured between the marks of docs/benchmarks.md; what stands around them is written by hand. */
record Report(List<Result> results, List<Entry> entries, Path home) {

    private static final String BEGIN = "<!-- begin of what tests/bench/run writes -->";
    private static final String END = "<!-- end of what tests/bench/run writes -->";

    void write(Path file) throws IOException {
        var text = Files.exists(file) ? Files.readString(file) : BEGIN + "\n" + END + "\n";
        var begin = text.indexOf(BEGIN) + BEGIN.length();
        Files.writeString(
                file, text.substring(0, begin) + "\n\n" + measured() + "\n" + text.substring(text.indexOf(END)));
    }

    private String measured() throws IOException {
        return "Measured on " + machine() + "\n"
                + table(Race.BARE, "### Bare consumer", "messages", "raw")
                + table(Race.JOB, "### Full job", "jobs", "raw-writes")
                + prices()
                + http()
                + raw();
    }

    private static String machine() throws IOException {
        var cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .toList();
        return "%d cores (%s), Linux %s, JDK %s, Node %s.%n"
                .formatted(
                        cpu.size(),
                        cpu.isEmpty() ? "unknown" : cpu.getFirst(),
                        System.getProperty("os.version"),
                        Runtime.version(),
                        nodeVersion());
    }

    private static String nodeVersion() throws IOException {
        return new String(
                        new ProcessBuilder("node", "--version")
                                .start()
                                .getInputStream()
                                .readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8)
                .strip();
    }

    private String table(Race race, String title, String things, String reference) {
        var text = new StringBuilder("\n" + title + "\n\n");
        text.append(
                "| contestant | %s/s: median (least–most) | of raw | CPU µs each | without JIT | stand-ins' CPU µs | SQS requests | DynamoDB units | peak MiB |\n|---|---|---|---|---|---|---|---|---|\n"
                        .formatted(things));
        var yardstick = median(of(race, reference), Result::rate);
        for (var entry : entries) {
            var rounds = of(race, entry.name());
            if (rounds.isEmpty()) continue;
            text.append(row(
                    "| %s | %,.0f (%,.0f–%,.0f) | %.0f %% | %.0f | %.0f | %.0f | %.3f | %.2f | %.0f |%n",
                    entry.title(),
                    median(rounds, Result::rate),
                    least(rounds, Result::rate),
                    most(rounds, Result::rate),
                    median(rounds, Result::rate) / yardstick * 100,
                    median(rounds, Result::cpuMicros),
                    median(rounds, Result::warmCpuMicros),
                    median(rounds, Result::standInMicros),
                    median(rounds, Result::sqsCalls),
                    median(rounds, result -> result.perMessage(CountingUnits.WRITE_UNITS)),
                    most(rounds, result -> result.peakRssKib() / 1024.0)));
        }
        return text.toString();
    }

    private String prices() {
        var runs =
                results.stream().filter(result -> result.race() == Race.PRICE).toList();
        if (runs.isEmpty()) return "";
        var names = new TreeSet<String>();
        runs.forEach(run -> names.addAll(run.counts().keySet()));
        names.removeIf(name -> name.startsWith("GetQueue"));
        var text = new StringBuilder("\n### Price\n\n| per job |");
        runs.forEach(run -> text.append(' ').append(run.contestant()).append(" |"));
        text.append("\n|---|").append("---|".repeat(runs.size())).append('\n');
        for (var name : names) line(text, name, runs, run -> run.perMessage(name), "%.3f");
        line(text, "**SQS requests**", runs, Result::sqsCalls, "**%.3f**");
        line(text, "jobs counted", runs, Result::messages, "%,.0f");
        line(text, "jobs a second", runs, Result::rate, "%,.0f");
        line(text, "dollars for a million", runs, Price::dollars, "**$%.2f**");
        return text.toString();
    }

    private String http() {
        var runs = results.stream().filter(result -> result.race() == Race.HTTP).toList();
        if (runs.isEmpty()) return "";
        var text = new StringBuilder(
                "\n### HTTP door\n\n| load | jobs/s: median (least–most) | p50 ms | p99 ms | CPU µs a job | calls to SQS a job | calls to DynamoDB a job | units a job | peak MiB |\n|---|---|---|---|---|---|---|---|---|\n");
        for (var load : HttpLoad.LOADS) {
            var rounds = of(Race.HTTP, load.name());
            text.append(row(
                    "| %s | %,.0f (%,.0f–%,.0f) | %.1f | %.1f | %.0f | %.3f | %.3f | %.2f | %.0f |%n",
                    load.name(),
                    median(rounds, Result::rate),
                    least(rounds, Result::rate),
                    most(rounds, Result::rate),
                    median(rounds, run -> run.counts().get(HttpLoad.P50)),
                    median(rounds, run -> run.counts().get(HttpLoad.P99)),
                    median(rounds, Result::cpuMicros),
                    median(rounds, run -> run.perMessage("sqs_calls SendMessageBatch")),
                    median(rounds, run -> run.perMessage("dynamodb_calls PutItem")),
                    median(rounds, run -> run.perMessage("dynamodb_units PutItem")),
                    most(rounds, result -> result.peakRssKib() / 1024.0)));
        }
        return text.toString();
    }

    private static void line(
            StringBuilder text, String name, List<Result> runs, ToDoubleFunction<Result> figure, String format) {
        text.append("| ").append(name).append(" |");
        runs.forEach(run -> text.append(row(" " + format + " |", figure.applyAsDouble(run))));
        text.append('\n');
    }

    private String raw() {
        var text = new StringBuilder(
                "\n### Every round\n\n| contestant | round | messages | seconds | CPU s | of it JIT s | SQS stand-in CPU s | DynamoDB stand-in CPU s |\n|---|---|---|---|---|---|---|---|\n");
        results.stream()
                .filter(result -> result.race() == Race.BARE || result.race() == Race.JOB)
                .sorted(Comparator.comparing(Result::race)
                        .thenComparing(Result::contestant)
                        .thenComparing(Result::round))
                .forEach(result -> text.append(row(
                        "| %s | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                        result.contestant(),
                        result.round(),
                        result.messages(),
                        result.seconds(),
                        result.cpuSeconds(),
                        result.jitSeconds(),
                        result.sqsCpuSeconds(),
                        result.dynamoCpuSeconds())));
        return text.toString();
    }

    private List<Result> of(Race race, String contestant) {
        return results.stream()
                .filter(result -> result.race() == race && result.contestant().equals(contestant))
                .toList();
    }

    private static double median(List<Result> rounds, ToDoubleFunction<Result> figure) {
        var sorted = figures(rounds, figure).sorted().toList();
        if (sorted.isEmpty()) return Double.NaN;
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    private static double least(List<Result> rounds, ToDoubleFunction<Result> figure) {
        return figures(rounds, figure).min(Comparator.naturalOrder()).orElse(Double.NaN);
    }

    private static double most(List<Result> rounds, ToDoubleFunction<Result> figure) {
        return figures(rounds, figure).max(Comparator.naturalOrder()).orElse(Double.NaN);
    }

    private static Stream<Double> figures(List<Result> rounds, ToDoubleFunction<Result> figure) {
        return rounds.stream().map(figure::applyAsDouble);
    }

    private static String row(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
