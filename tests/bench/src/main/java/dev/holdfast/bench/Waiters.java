package dev.holdfast.bench;

import dev.holdfast.local.Checkout;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thousand event streams and a thousand long polls at the same time: what they cost ingest, and how soon they hear.
 */
final class Waiters implements AutoCloseable {

    private static final int EACH = 1_000;
    private static final String FAR = "2199-01-01T00:00:00Z";

    private final Stack stack;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger number = new AtomicInteger();
    private final ConcurrentHashMap<String, Long> changedAt = new ConcurrentHashMap<>();

    /** Starts ingest alone. */
    Waiters(Field field, Checkout checkout, Path logs) {
        stack = Stack.start(
                StackOptions.of(checkout, field.endpoints(), logs).withFullJit().without("worker", "notify"));
    }

    /** Prints what it sees. */
    void run() throws Exception {
        var pid = stack.service("ingest").handle().pid();
        var streamed = submit();
        var polled = submit();
        System.out.printf("ingest before: %d MiB%n", Racer.residentKib(pid) / 1024);
        var heard = new CountDownLatch(2 * EACH);
        var streams = new ConcurrentHashMap<String, Long>();
        var polls = new ConcurrentHashMap<String, Long>();
        for (var id : streamed) stream(id, streams, heard);
        for (var id : polled) poll(id, polls, heard);
        for (var second = 0; second < 20; second += 5) {
            Thread.sleep(Duration.ofSeconds(5));
            System.out.printf(
                    "%d s with %d streams and %d polls: %d MiB%n",
                    second + 5, EACH, EACH, Racer.residentKib(pid) / 1024);
        }
        var jobs = new ArrayList<>(streamed);
        jobs.addAll(polled);
        Field.inParallel(8, jobs.size(), i -> cancel(jobs.get(i)));
        if (!heard.await(30, TimeUnit.SECONDS)) throw new IllegalStateException(heard.getCount() + " were never told");
        print("event streams", streams);
        print("long polls", polls);
        System.out.printf("ingest's largest resident memory: %d MiB%n", Racer.peakRssKib(pid) / 1024);
    }

    private List<String> submit() throws Exception {
        var ids = new ConcurrentHashMap<Integer, String>();
        Field.inParallel(16, EACH, i -> {
            var user = "wait-" + number.incrementAndGet();
            var body = """
                    {"type":"registration","notBefore":"%s","payload":{"username":"%s","email":"%s@example.org"}}""".formatted(FAR, user, user);
            var answer = http.send(
                    request("/v1/jobs")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 202) throw new IOException(answer.body());
            ids.put(i, answer.headers().firstValue("Location").orElseThrow().replaceFirst(".*/", ""));
        });
        return List.copyOf(ids.values());
    }

    private void stream(String id, ConcurrentHashMap<String, Long> told, CountDownLatch heard) {
        http.sendAsync(request("/v1/jobs/" + id + "/events").build(), BodyHandlers.ofLines())
                .thenApply(HttpResponse::body)
                .thenAcceptAsync(
                        lines -> lines.filter(line -> line.contains("CANCELLED"))
                                .findFirst()
                                .ifPresent(line -> told(id, told, heard)),
                        Thread::startVirtualThread)
                .exceptionally(Waiters::failed);
    }

    private void poll(String id, ConcurrentHashMap<String, Long> told, CountDownLatch heard) {
        http.sendAsync(request("/v1/jobs/" + id + "?wait=60s").build(), BodyHandlers.ofString())
                .thenAccept(answer -> {
                    if (answer.body().contains("\"CANCELLED\"")) told(id, told, heard);
                })
                .exceptionally(Waiters::failed);
    }

    private static Void failed(Throwable failure) {
        throw new IllegalStateException(failure);
    }

    /** Nanoseconds since the client that cancelled it began to ask. */
    private void told(String id, ConcurrentHashMap<String, Long> told, CountDownLatch heard) {
        told.put(id, System.nanoTime() - changedAt.getOrDefault(id, System.nanoTime()));
        heard.countDown();
    }

    private void cancel(String id) throws IOException, InterruptedException {
        changedAt.put(id, System.nanoTime());
        var answer = http.send(
                request("/v1/jobs/" + id + "/cancel")
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IOException(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        URI base = stack.url();
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + stack.apiKey());
    }

    private static void print(String what, ConcurrentHashMap<String, Long> told) {
        var sorted = told.values().stream().mapToLong(nanos -> nanos).sorted().toArray();
        System.out.printf(
                "%d %s told, from the request that changed the job: p50 %d ms, p99 %d ms, max %d ms%n",
                sorted.length,
                what,
                sorted[sorted.length / 2] / 1_000_000,
                sorted[(int) (sorted.length * 0.99)] / 1_000_000,
                sorted[sorted.length - 1] / 1_000_000);
    }

    @Override
    public void close() {
        stack.close();
    }
}
