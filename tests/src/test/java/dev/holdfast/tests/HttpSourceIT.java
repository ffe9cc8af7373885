package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of what URLs name, against a real HTTP server. The house allows 127.0.0.1 alone, and http. */
class HttpSourceIT {

    private final House house = House.shared();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private String repository = "";
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fileIsStoredOnceAndResticRestoresIt(@TempDir Path folder) throws Exception {
        // given
        Restic.require();
        var restic = repository();
        var content = new AtomicReference<>(bytes(1, 3_000_000));
        server.createContext("/exports/", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("If-None-Match"));
            var etag = "\"" + content.get().length + "\"";
            exchange.getResponseHeaders().set("ETag", etag);
            exchange.getResponseHeaders().set("Last-Modified", "Fri, 20 Nov 2026 12:00:30 GMT");
            if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) answer(exchange, 304, new byte[0]);
            else answer(exchange, 200, content.get());
        });
        var url = url("/exports/report%202026.bin?token=hidden-token");

        // when
        var first = succeeded(backUp(url));
        var again = succeeded(backUp(url));
        content.set(bytes(2, 5_000));
        var changed = succeeded(backUp(url));

        // then
        assertThat(first.path("filesNew").asInt()).isEqualTo(1);
        assertThat(first.path("bytesAdded").asInt()).isEqualTo(3_000_000);
        assertThat(again.path("filesUnmodified").asInt()).isEqualTo(1);
        assertThat(again.path("bytesStored").asInt()).isZero();
        assertThat(changed.path("filesChanged").asInt()).isEqualTo(1);
        var path = "/exports/report%202026.bin?token=hidden-token ";
        assertThat(seen).containsExactly(path + "null", path + "\"3000000\"", path + "\"3000000\"");
        restic.run(
                "restore",
                first.path("snapshotId").asText(),
                "--target",
                folder.resolve("1").toString());
        restic.run("restore", "latest", "--target", folder.resolve("2").toString());
        var restored = folder.resolve("1/report 2026.bin");
        assertThat(restored).hasBinaryContent(bytes(1, 3_000_000));
        assertThat(Files.getLastModifiedTime(restored).toInstant()).isEqualTo(Instant.parse("2026-11-20T12:00:30Z"));
        assertThat(folder.resolve("2/report 2026.bin")).hasBinaryContent(bytes(2, 5_000));
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        assertThat(restic.run("snapshots", "--json"))
                .contains("/exports/report%202026.bin")
                .doesNotContain("hidden");
    }

    @Test
    void redirectsAreFollowedToWhereCallsMayGo() throws Exception {
        repository();
        server.createContext("/end/a.txt", exchange -> answer(exchange, 200, "moved".getBytes(UTF_8)));
        redirect("/from", "/over");
        redirect("/over", url("/end/a.txt?key=hidden"));
        redirect("/inside", "http://127.0.0.2:" + server.getAddress().getPort() + "/end/a.txt?key=hidden");
        redirect("/circle", "/circle");

        assertThat(succeeded(backUp(url("/from"))).path("bytesProcessed").asInt())
                .isEqualTo(5);
        var inside = backUp(url("/inside"));
        assertThat(code(inside)).isEqualTo("url-not-allowed");
        assertThat(inside.at("/error/message").asText())
                .contains("127.0.0.2", "loopback")
                .doesNotContain("hidden");
        assertThat(code(backUp(url("/circle")))).isEqualTo("source-unreadable");
    }

    @Test
    void answerDecidesWhetherItIsTriedAgain() throws Exception {
        repository();
        server.createContext("/none", exchange -> answer(exchange, 404, new byte[0]));
        var busy = new AtomicInteger();
        server.createContext("/busy", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "1");
            if (busy.incrementAndGet() == 1) answer(exchange, 429, new byte[0]);
            else answer(exchange, 200, new byte[0]);
        });
        server.createContext("/short", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(new byte[500]);
            exchange.getResponseBody().flush();
            exchange.close();
        });

        var none = backUp(url("/none?key=hidden"));
        var waited = backUp(url("/busy"));
        var cut = house.api.run(job(url("/short?key=hidden")).replace("\"type\"", "\"maxAttempts\": 1, \"type\""));

        assertThat(code(none)).isEqualTo("source-unreadable");
        assertThat(none.at("/error/message").asText())
                .contains("/none answers 404")
                .doesNotContain("hidden");
        assertThat(succeeded(waited).path("filesNew").asInt()).isEqualTo(1);
        assertThat(waited.path("attempt").asInt()).isEqualTo(1);
        assertThat(code(cut)).isEqualTo("attempts-exhausted");
        assertThat(cut.at("/error/message").asText()).contains("cut short").doesNotContain("hidden");
    }

    @Test
    void urlThatMustNotBeCalledIsRefusedAtTheDoor() {
        for (var url :
                List.of("ftp://example.org/a", "http://10.0.0.1/", "http://[::1]/a", "http://a:b@example.org/")) {
            var answer = house.api.post("/v1/jobs", job(url));

            assertThat(answer.status()).as(url).isEqualTo(422);
            assertThat(answer.pointers()).containsExactly("/payload/source/url");
        }
        assertThat(house.api.post("/v1/jobs", job("http://10.0.0.1/")).body().toString())
                .contains("10.0.0.1 is a private address");
    }

    private static void answer(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        if (content.length > 0) exchange.getResponseBody().write(content);
        exchange.close();
    }

    private void redirect(String path, String to) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            answer(exchange, 302, new byte[0]);
        });
    }

    private static byte[] bytes(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Restic repository() {
        repository = "w" + UUID.randomUUID().toString().substring(0, 8);
        var made = house.api
                .post("/v1/repositories", "{\"name\": \"" + repository + "\"}")
                .body();
        return new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());
    }

    private JsonNode backUp(String url) {
        return house.api.run(job(url));
    }

    private String job(String url) {
        return """
                {"type": "backup",
                 "payload": {"repository": "%s", "source": {"kind": "http", "url": "%s"}}}""".formatted(repository.isEmpty() ? "default" : repository, url);
    }

    private static JsonNode succeeded(JsonNode job) {
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        return job.path("result");
    }

    private static String code(JsonNode job) {
        return job.at("/error/code").asText();
    }
}
