package dev.holdfast.tests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.local.StackOptions;
import dev.holdfast.tests.House;
import dev.holdfast.tests.RawHttp;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends mutated requests to an ingest process over all operations of its OpenAPI document, and judges the answers: no
 * 5xx, nothing of the inside, every error a problem, memory flat. By hand: {@code tests/fuzz}.
 */
public final class Fuzz {

    private static final int THREADS = 4;
    private static final int STEPS = 10;
    private static final int MAX_IDS = 500;
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration STREAM = Duration.ofMillis(300);

    private final House house;
    private final Judge judge = new Judge();
    private final List<String> ids = new ArrayList<>();

    private Fuzz(House house) {
        this.house = house;
    }

    /** Exits with 1 when something is wrong. */
    public static void main(String[] arguments) throws Exception {
        var options = FuzzOptions.parse(arguments);
        try (var house = House.start(Fuzz::strict)) {
            System.exit(new Fuzz(house).run(options) ? 0 : 1);
        }
    }

    /** Short timeouts, so that a request that lacks its end does not hold the run up. */
    private static StackOptions strict(StackOptions options) {
        return options.withFullJit()
                .without("worker", "notify")
                .with("HOLDFAST_HTTP_HEADER_TIMEOUT", "500ms")
                .with("HOLDFAST_HTTP_BODY_TIMEOUT", "500ms");
    }

    private boolean run(FuzzOptions options) throws InterruptedException, ExecutionException, IOException {
        var document = house.api.get("/openapi", "Accept", "application/json").body();
        var requests = new Requests(document, new Values(document, ids), house.stack.apiKey());
        System.out.printf(
                "fuzz: %d requests over %d operations, seed %d%n",
                options.requests(), requests.operations(), options.seed());
        var randoms = new Random[THREADS];
        for (var i = 0; i < THREADS; i++) randoms[i] = new Random(options.seed() * THREADS + i);
        System.out.printf("  0 %%: %d MiB%n", residentMib());
        for (var step = 1; step <= STEPS; step++) {
            send(requests, randoms, options.requests() / STEPS / THREADS);
            System.out.printf("%3d %%: %d MiB, %s", step * 100 / STEPS, residentMib(), judge.report());
        }
        var alive = house.stack.service("ingest").isAlive()
                && house.api.get("/v1/job-types").status() == 200;
        System.out.println(alive && judge.isClean() ? "Clean." : "NOT clean; alive: " + alive);
        return alive && judge.isClean();
    }

    private void send(Requests requests, Random[] randoms, int each) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var running = new ArrayList<Future<?>>();
            for (var random : randoms) running.add(threads.submit(() -> send(requests, random, each)));
            for (var thread : running) thread.get();
        }
    }

    private Object send(Requests requests, Random random, int each) throws IOException {
        var mutations = new Mutations(random);
        var connection = new RawHttp(house.stack.url());
        for (var i = 0; i < each; i++) {
            if (!connection.isUsable()) {
                connection.close();
                connection = new RawHttp(house.stack.url());
            }
            var request = mutations.of(requests.next(random));
            if (!exchange(connection, request)) connection.close();
        }
        connection.close();
        return judge;
    }

    /** Whether the connection can be used again. */
    private boolean exchange(RawHttp connection, Request request) {
        try {
            try {
                connection.send(request.bytes());
            } catch (IOException refusedMeanwhile) {
                // its answer may be there all the same
            }
            var streams = request.target().contains("/events");
            var head = request.method().equals("HEAD");
            var answer = connection.read(streams ? STREAM : ANSWER, head);
            while (answer.isPresent() && answer.get().status() < 200) answer = connection.read(ANSWER, head);
            answer.ifPresentOrElse(given -> judge.judge(request, given), () -> judge.judgeSilence(request, "closed"));
            answer.ifPresent(given -> learn(given.json()));
            return request.framed() && answer.isPresent();
        } catch (SocketTimeoutException late) {
            if (request.target().contains("/events") || request.target().contains("wait=")) return false;
            judge.judgeSilence(request, "none in time");
        } catch (IOException | RuntimeException unreadable) {
            judge.judgeSilence(request, "unreadable: " + unreadable.getMessage());
        }
        return false;
    }

    /** Later requests ask for what is there. */
    private void learn(JsonNode answer) {
        synchronized (ids) {
            for (var name : new String[] {"id", "uploadId"}) {
                var id = answer.path(name).asText();
                if (!id.isEmpty() && ids.size() < MAX_IDS) ids.add(id);
            }
        }
    }

    private long residentMib() throws IOException {
        var status = Path.of("/proc/" + house.stack.service("ingest").pid() + "/status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
