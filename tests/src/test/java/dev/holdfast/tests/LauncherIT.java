package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {

    @TempDir
    Path folder;

    @Test
    void interruptedUnderLoadItEndsSoonAndTheNextStartFinishesWhatWasOpen() throws Exception {
        assumeTrue(System.getenv("AWS_ENDPOINT_URL") == null, "NOT VERIFIED: the embedded stand-ins are not in use");
        // given
        var port = Ports.free();
        var first = up(port);
        var children = first.descendants().toList();
        var ids = submit(new Api(URI.create("http://127.0.0.1:" + port), variable("HOLDFAST_API_KEY")), 300);

        // when
        var interrupted = Instant.now();
        signal(first, ignoresInterrupts(first) ? "TERM" : "INT");
        var ended = first.waitFor(30, TimeUnit.SECONDS);

        // then
        assertThat(ended).isTrue();
        assertThat(Duration.between(interrupted, Instant.now())).isLessThan(Duration.ofSeconds(15));
        assertThat(children).hasSizeGreaterThanOrEqualTo(6).noneMatch(ProcessHandle::isAlive);
        var second = up(port);
        try {
            var api = new Api(URI.create("http://127.0.0.1:" + port), variable("HOLDFAST_API_KEY"));
            var open = new ArrayList<>(ids);
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                open.removeIf(id -> state(api, id).equals("SUCCEEDED"));
                assertThat(open).isEmpty();
            });
        } finally {
            signal(second, "TERM");
            assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String state(Api api, String id) {
        return api.get("/v1/jobs/" + id).body().path("state").asText();
    }

    private Process up(int port) throws IOException {
        var env = folder.resolve("holdfast.env");
        Files.deleteIfExists(env);
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(
                java,
                "-Dholdfast.root=" + Cloud.CHECKOUT.root(),
                "-cp",
                Cloud.CHECKOUT.localClassPath(),
                "dev.holdfast.local.launcher.Launcher",
                "up",
                "--data",
                folder.toString(),
                "--port",
                Integer.toString(port)));
        if (Cloud.NATIVE) command.add("--native");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("up.log").toFile());
        builder.environment().put("HOLDFAST_JOBS_LEASE", "10s"); // what is in flight at the interrupt comes back sooner
        builder.environment().put("HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", "10s");
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"); // none of them lives for long
        var process = builder.start();
        await().atMost(Duration.ofMinutes(3)).until(() -> Files.exists(env) || !process.isAlive());
        assertThat(process.isAlive()).as(() -> read(folder.resolve("up.log"))).isTrue();
        return process;
    }

    /** Submits as fast as the door takes them; returns when all are promised. */
    private static List<String> submit(Api api, int jobs) throws Exception {
        try (var clients = Executors.newFixedThreadPool(16)) {
            var submissions = new ArrayList<Future<String>>();
            for (var i = 0; i < jobs; i++) {
                var json = """
                        {"type": "registration", "payload": {"username": "up-%1$d", "email": "up-%1$d@example.org"}}""".formatted(i);
                submissions.add(clients.submit(() -> api.submit(json)));
            }
            var ids = new ArrayList<String>();
            for (var submission : submissions) ids.add(submission.get());
            return ids;
        }
    }

    /** A process in the background of a script inherits that it ignores Ctrl-C, and hands it on. */
    private static boolean ignoresInterrupts(Process process) throws IOException {
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) return false;
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    private static void signal(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** A variable of {@code holdfast.env}, which is in shell syntax. */
    private String variable(String name) {
        Map<String, String> variables = read(folder.resolve("holdfast.env"))
                .lines()
                .map(line -> line.replaceFirst("^export ", "").split("=", 2))
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].replaceAll("^['\"]|['\"]$", "")));
        return Objects.requireNonNull(variables.get(name), name);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
