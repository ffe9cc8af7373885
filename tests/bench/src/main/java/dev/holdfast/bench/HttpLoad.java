package dev.holdfast.bench;

import dev.holdfast.local.Checkout;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Jobs that the HTTP door accepts per second, and how long a client waits, with the calls that it makes for each. */
final class HttpLoad implements AutoCloseable {

    static final String P50 = "p50 ms";
    static final String P99 = "p99 ms";

    private final AtomicLong number = new AtomicLong();
    private final Stack stack;
    private final HttpClient http;

    /**
     * How clients ask.
     *
     * @param connections that ask at the same time, each again as soon as it has its answer
     * @param batch jobs per request
     */
    record Load(int connections, int batch) {
        String name() {
            return batch == 1
                    ? connections + " connections"
                    : connections + " connections, " + batch + " jobs a request";
        }
    }

    static final List<Load> LOADS =
            List.of(new Load(1, 1), new Load(16, 1), new Load(128, 1), new Load(1, 100), new Load(16, 100));

    /** Starts ingest alone, on the core that the stand-ins and this harness leave to it. */
    HttpLoad(Field field, Checkout checkout, Path logs) throws IOException, InterruptedException {
        stack = Stack.start(
                StackOptions.of(checkout, field.endpoints(), logs).withFullJit().without("worker", "notify"));
        var ingest = Long.toString(stack.service("ingest").handle().pid());
        new ProcessBuilder("taskset", "-a", "-c", "-p", "1", ingest)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** Lets clients ask for that time, and says what came of it. */
    Result run(Load load, Duration length, int round) throws Exception {
        var process = stack.service("ingest").handle();
        var before = counts();
        var cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
        var begin = System.nanoTime();
        var end = begin + length.toNanos();
        var clients = new ArrayList<Callable<List<Long>>>();
        for (var i = 0; i < load.connections(); i++) clients.add(() -> ask(load, end));
        var latencies = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var client : threads.invokeAll(clients)) latencies.addAll(client.get());
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        var used = process.info().totalCpuDuration().orElse(Duration.ZERO).minus(cpu);
        var counts = new TreeMap<String, Double>();
        counts().forEach((name, count) -> counts.put(name, count - before.getOrDefault(name, 0.0)));
        var sorted = latencies.stream().mapToLong(nanos -> nanos).sorted().toArray();
        counts.put(P50, sorted[sorted.length / 2] / 1e6);
        counts.put(P99, sorted[(int) (sorted.length * 0.99)] / 1e6);
        return new Result(
                Race.HTTP,
                load.name(),
                round,
                sorted.length * load.batch(),
                seconds,
                used.toMillis() / 1000.0,
                0,
                0,
                0,
                Racer.peakRssKib(process.pid()),
                counts);
    }

    private List<Long> ask(Load load, long end) throws IOException, InterruptedException {
        var latencies = new ArrayList<Long>();
        while (System.nanoTime() < end) {
            var request = request(load.batch());
            var begin = System.nanoTime();
            var response = http.send(request, BodyHandlers.ofString());
            latencies.add(System.nanoTime() - begin);
            if (response.statusCode() / 100 != 2 || response.body().contains("\"problem\"")) {
                throw new IOException(response.statusCode() + ": " + response.body());
            }
        }
        return latencies;
    }

    private HttpRequest request(int batch) {
        var jobs = new String[batch];
        Arrays.setAll(jobs, i -> job());
        var body = batch == 1 ? jobs[0] : "{\"items\":[{\"job\":" + String.join("},{\"job\":", jobs) + "}]}";
        return HttpRequest.newBuilder(stack.url().resolve(batch == 1 ? "/v1/jobs" : "/v1/jobs/batch"))
                .header("Authorization", "Bearer " + stack.apiKey())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private String job() {
        var user = "load-" + number.incrementAndGet();
        return """
                {"type":"registration","payload":{"username":"%s","email":"%s@example.org"}}""".formatted(user, user);
    }

    /** Requests to AWS by action, and units. */
    private Map<String, Double> counts() throws IOException, InterruptedException {
        URI metrics = stack.service("ingest").health().getLast().resolve("/q/metrics");
        var page = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
        var counts = new TreeMap<String, Double>();
        page.lines()
                .filter(line -> line.matches("(sqs|dynamodb)_(calls|units)_total\\{.*"))
                .forEach(line -> counts.merge(
                        line.replaceFirst("_total.*action=\"(\\w+)\".*", " $1"),
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                        Double::sum));
        return counts;
    }

    @Override
    public void close() {
        http.close();
        stack.close();
    }
}
