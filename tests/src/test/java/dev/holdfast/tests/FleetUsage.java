package dev.holdfast.tests;

import dev.holdfast.local.Child;
import dev.holdfast.local.Stack;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the workers of a house have taken so far.
 *
 * @param s3 calls, and bytes each way, by action
 * @param cpuSeconds by worker
 */
record FleetUsage(Map<String, Double> s3, Map<String, Double> cpuSeconds) {

    private static final Pattern SAMPLE =
            Pattern.compile("s3_(calls|bytes)_total\\{.*?action=\"(\\w+)\"(?:.*direction=\"(\\w+)\")?.*} (\\S+)");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static FleetUsage of(Stack stack) {
        return new FleetUsage(s3(stack), cpu(stack));
    }

    /** Prints what has been taken since {@code before}, and how much memory at most since the workers began. */
    static void print(Stack stack, FleetUsage before) throws IOException {
        var now = of(stack);
        System.out.println("  S3 " + now.s3Since(before));
        for (var worker : stack.workers()) {
            var cpu = now.cpuSeconds().getOrDefault(worker.name(), 0.0)
                    - before.cpuSeconds().getOrDefault(worker.name(), 0.0);
            System.out.printf("  %s: %.1f s of CPU, %s%n", worker.name(), cpu, memory(worker));
        }
    }

    private String s3Since(FleetUsage before) {
        return s3.entrySet().stream()
                .map(some ->
                        Map.entry(some.getKey(), some.getValue() - before.s3().getOrDefault(some.getKey(), 0.0)))
                .filter(some -> some.getValue() > 0)
                .map(some -> "%s %.0f".formatted(some.getKey(), some.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Double> s3(Stack stack) {
        var sums = new TreeMap<String, Double>();
        for (var worker : stack.workers()) {
            SAMPLE.matcher(metrics(worker)).results().forEach(sample -> {
                var direction = sample.group(3) == null ? "" : " " + sample.group(3);
                sums.merge(
                        sample.group(2) + " " + sample.group(1) + direction,
                        Double.parseDouble(sample.group(4)),
                        Double::sum);
            });
        }
        return sums;
    }

    private static String metrics(Child worker) {
        try {
            var request =
                    HttpRequest.newBuilder(worker.url().resolve("/q/metrics")).build();
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Double> cpu(Stack stack) {
        return stack.workers().stream()
                .collect(Collectors.toMap(
                        Child::name,
                        worker -> worker.handle()
                                        .info()
                                        .totalCpuDuration()
                                        .orElse(Duration.ZERO)
                                        .toMillis()
                                / 1000.0,
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String memory(Child worker) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + worker.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> "at most " + Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB resident")
                .findFirst()
                .orElse("");
    }
}
