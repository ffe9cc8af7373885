package dev.holdfast.worker.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.outbound.FetchConfig;
import dev.holdfast.outbound.OutboundConfig;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.worker.backup.WebFiles.Fetched;
import dev.holdfast.worker.backup.WebFiles.TooLargeException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebFilesTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    private record Outbound(List<String> ports, Optional<List<String>> networks) implements OutboundConfig {}

    private record Config(boolean plain, Duration timeout, Duration idle, Duration longest, long bytes, int redirects)
            implements FetchConfig {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        vertx.close();
    }

    private WebFiles files(Duration idle, Duration longest) {
        var guard = new OutboundGuard(new Outbound(List.of("1-65535"), Optional.of(List.of("127.0.0.1/32"))));
        return new WebFiles(
                vertx, guard, new Config(true, Duration.ofSeconds(10), idle, longest, 1_000_000, 2), () -> NOW);
    }

    private Fetched fetch(HttpHandler handler, Optional<Node> before) throws IOException {
        server.createContext("/", handler);
        var files = files(Duration.ofSeconds(10), Duration.ofMinutes(1));
        return files.fetch(job(NOW), files.file(url("/a.txt")), before);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static Job job(Instant createdAt) {
        var source = new BackupSource.Http("https://example.org/");
        var payload =
                new JobPayload.Backup("default", source, List.of(), List.of(), Optional.empty(), Optional.empty());
        var spec = new JobSpec(payload, Notify.byDefault(Set.of()), Optional.empty(), Optional.empty(), 5, Map.of());
        return Job.accepted(JobId.of("0190a8a4-0000-7000-8000-000000000000"), "local", spec, "", "", createdAt);
    }

    private static void answer(HttpExchange exchange, int status, String content) throws IOException {
        exchange.sendResponseHeaders(status, content.isEmpty() ? -1 : content.length());
        if (!content.isEmpty()) exchange.getResponseBody().write(content.getBytes(UTF_8));
        exchange.close();
    }

    private static byte[] read(Fetched fetched) throws IOException {
        if (!(fetched instanceof Fetched.File(var file, var open))) throw new AssertionError(fetched);
        try (open;
                var content = file.content().open()) {
            return content.readAllBytes();
        }
    }

    private static Node node(Fetched fetched) {
        if (!(fetched instanceof Fetched.File(var file, var _))) throw new AssertionError(fetched);
        return new Node(
                file.name(), new Node.File(file.sizeBytes(), List.of(Id.hashOf(new byte[0]))), file.attributes());
    }

    @Test
    void contentOfAnyLengthComesWholeHoweverSlowlyItIsRead() throws Exception {
        var block = new byte[10_000];
        var fetched = fetch(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0); // in chunks
                    for (var i = 0; i < 100; i++) exchange.getResponseBody().write(block);
                    exchange.close();
                },
                Optional.empty());

        assertThat(read(fetched)).hasSize(1_000_000);
        assertThat(((Fetched.File) fetched).file().sizeBytes()).isEqualTo(-1);
    }

    @Test
    void moreThanIsAllowedIsRefusedAnnouncedOrNot() throws Exception {
        var announced = fetch(
                exchange -> {
                    exchange.sendResponseHeaders(200, 1_000_001);
                    exchange.getResponseBody().write(new byte[500]);
                    exchange.getResponseBody().flush();
                    await();
                    exchange.close();
                },
                Optional.empty());
        server.removeContext("/");
        var block = new byte[10_001];
        var unannounced = fetch(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (var i = 0; i < 100; i++) exchange.getResponseBody().write(block);
                    exchange.close();
                },
                Optional.empty());

        assertThat(announced)
                .isInstanceOfSatisfying(
                        Fetched.Unusable.class, it -> assertThat(it.code()).isEqualTo("source-too-large"));
        assertThatThrownBy(() -> read(unannounced)).isInstanceOf(TooLargeException.class);
    }

    @Test
    void cutContentFailsWithAndWithoutALength() throws Exception {
        for (var length : new long[] {1_000, 0}) {
            var fetched = fetch(
                    exchange -> {
                        exchange.sendResponseHeaders(200, length);
                        exchange.getResponseBody().write(new byte[500]);
                        exchange.getResponseBody().flush();
                        throw new IOException("hang up");
                    },
                    Optional.empty());
            server.removeContext("/");

            assertThatThrownBy(() -> read(fetched))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut short");
        }
    }

    @Test
    void silenceInTheMiddleAndContentWithoutEndFailInTime() throws Exception {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[500]);
            exchange.getResponseBody().flush();
            await();
        });
        for (var files : List.of(
                files(Duration.ofMillis(200), Duration.ofMinutes(1)),
                files(Duration.ofMinutes(1), Duration.ofMillis(200)))) {
            var fetched = files.fetch(job(NOW), files.file(url("/a")), Optional.empty());

            assertThatThrownBy(() -> read(fetched))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("content");
        }
    }

    private void await() {
        try {
            assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void unchangedFileIsNotFetchedWhetherTheServerHeedsConditionsOrNot() throws Exception {
        var asked = new AtomicReference<>("");
        HttpHandler heeding = exchange -> {
            asked.set(exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.getResponseHeaders().set("ETag", "W/\"1\"");
            answer(exchange, asked.get() == null ? 200 : 304, asked.get() == null ? "hello" : "");
        };
        var first = fetch(heeding, Optional.empty());
        var again = fetch304(heeding, node(first));
        HttpHandler careless = exchange -> {
            exchange.getResponseHeaders().set("ETag", "W/\"1\"");
            answer(exchange, 200, "hello");
        };
        var careless200 = fetch304(careless, node(first));

        assertThat(asked).hasValue("W/\"1\"");
        for (var fetched : List.of(again, careless200)) {
            assertThat(node(fetched)).isEqualTo(node(first));
            assertThat(node(fetched).attributes().modified()).isEqualTo(NOW);
        }
        assertThat(read(careless200)).asString(UTF_8).isEqualTo("hello"); // if the repository has lost it
    }

    private Fetched fetch304(HttpHandler handler, Node before) throws IOException {
        server.removeContext("/");
        return fetch(handler, Optional.of(before));
    }

    @Test
    void fileWithATimeAloneIsAskedForByTime() throws Exception {
        var asked = new AtomicReference<>("");
        HttpHandler handler = exchange -> {
            asked.set(exchange.getRequestHeaders().getFirst("If-Modified-Since"));
            exchange.getResponseHeaders().set("Last-Modified", "Thu, 19 Nov 2026 10:00:00 GMT");
            answer(exchange, 200, asked.get() == null ? "hello" : "hallo!");
        };
        var first = fetch(handler, Optional.empty());
        var changed = fetch304(handler, node(first));

        assertThat(asked).hasValue("Thu, 19 Nov 2026 10:00:00 GMT");
        assertThat(node(first).attributes().modified()).isEqualTo(Instant.parse("2026-11-19T10:00:00Z"));
        assertThat(read(changed)).asString(UTF_8).isEqualTo("hallo!");
    }

    @Test
    void serverThatAsksForPatienceHasItForAWhile() throws Exception {
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "90");
            answer(exchange, 503, "");
        });
        var files = files(Duration.ofSeconds(10), Duration.ofMinutes(1));
        var file = files.file(url("/a?key=hidden"));

        assertThat(files.fetch(job(NOW), file, Optional.empty()))
                .isEqualTo(new Fetched.Later(Duration.ofSeconds(90), url("/a") + " answers 503"));
        assertThatThrownBy(() -> files.fetch(job(NOW.minus(Duration.ofHours(6))), file, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessage(url("/a") + " answers 503");
    }
}
