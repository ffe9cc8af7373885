package dev.holdfast.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.outbound.Destination;
import dev.holdfast.outbound.OutboundConfig;
import dev.holdfast.outbound.OutboundGuard;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallerTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final byte[] BODY = "{\"a\": \"ü\"}".getBytes(StandardCharsets.UTF_8);

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final Caller caller = caller(List.of("127.0.0.1/32", "::1/128"), PATIENT);
    private Optional<HttpServer> server = Optional.empty();

    private record Outbound(List<String> ports, Optional<List<String>> networks) implements OutboundConfig {}

    private Caller caller(List<String> networks, Duration timeout) {
        var guard = new OutboundGuard(new Outbound(List.of("1-65535"), Optional.of(networks)));
        var config = new PatienceTest.Config(true, timeout, Duration.ofHours(1), Duration.ofSeconds(1), 10, 10);
        return new Caller(vertx, guard, config, () -> NOW);
    }

    @AfterEach
    void stop() {
        server.ifPresent(some -> some.stop(0));
        vertx.close();
    }

    @Test
    void callIsMadeAsItIsAsked() throws Exception {
        var seen = new AtomicReference<String>();
        var port = serve(exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.set(String.join(
                    " ",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Host"),
                    exchange.getRequestHeaders().getFirst("ce-id"),
                    body));
            answer(exchange, 204);
        });

        var answer = caller.post(to("http://localhost:" + port + "/in?token=1"), Map.of("ce-id", "1"), BODY);

        assertThat(answer).isInstanceOf(Answer.Taken.class);
        assertThat(seen).hasValue("POST /in?token=1 localhost:" + port + " 1 {\"a\": \"ü\"}");
    }

    @Test
    void statusDecidesAndRedirectsAreNotFollowed() throws Exception {
        var port = serve(exchange -> {
            exchange.getResponseHeaders().set("Location", "/200");
            answer(exchange, Integer.parseInt(exchange.getRequestURI().getPath().substring(1)));
        });

        assertThat(call(port, "/200")).isInstanceOf(Answer.Taken.class);
        assertThat(call(port, "/202")).isInstanceOf(Answer.Taken.class);
        assertThat(call(port, "/410")).isInstanceOf(Answer.Gone.class);
        assertThat(call(port, "/302"))
                .isEqualTo(new Answer.Failed("status", "it answered 302; redirects are not followed"));
        assertThat(call(port, "/400")).isEqualTo(new Answer.Failed("status", "it answered 400"));
        assertThat(call(port, "/503")).isEqualTo(new Answer.Failed("status", "it answered 503"));
    }

    @Test
    void retryAfterIsReadInSecondsAndAsADate() throws Exception {
        var port = serve(exchange -> {
            exchange.getResponseHeaders()
                    .set("Retry-After", exchange.getRequestURI().getQuery());
            answer(exchange, 429);
        });

        assertThat(retryAfter(port, "125")).contains(Duration.ofSeconds(125));
        assertThat(retryAfter(port, "Fri,%2020%20Nov%202026%2012:00:30%20GMT")).contains(Duration.ofSeconds(30));
        assertThat(retryAfter(port, "Fri,%2020%20Nov%202026%2011:00:00%20GMT")).isEmpty();
        assertThat(retryAfter(port, "soon")).isEmpty();
        assertThat(retryAfter(port, "-5")).isEmpty();
    }

    private Optional<Duration> retryAfter(int port, String text) throws InterruptedException {
        return call(port, "/?" + text) instanceof Answer.Failed failed ? failed.retryAfter() : Optional.empty();
    }

    @Test
    void bodyWithoutEndIsNotReadAndItsConnectionClosed() throws Exception {
        var closed = new CountDownLatch(1);
        var port = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var out = exchange.getResponseBody()) {
                while (true) out.write(new byte[65_536]);
            } catch (IOException gone) {
                closed.countDown();
            }
        });

        assertThat(call(port, "/")).isInstanceOf(Answer.Taken.class);
        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void silenceAndTricklesEndInTime() throws Exception {
        try (var listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var trickling = threads.submit(() -> trickle(listening));

            var begun = System.nanoTime();
            var answer = caller(List.of("127.0.0.1/32"), Duration.ofMillis(500))
                    .post(to("http://127.0.0.1:" + listening.getLocalPort() + "/"), Map.of(), BODY);

            assertThat(answer).isEqualTo(new Answer.Failed("timeout", "no answer came within 500 ms"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            trickling.get(5, TimeUnit.SECONDS); // the connection is closed
        }
    }

    /** A byte of a header now and then, so that no time-out between bytes ever passes. */
    private static Void trickle(ServerSocket listening) throws IOException, InterruptedException {
        try (var socket = listening.accept()) {
            var out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                Thread.sleep(20);
            }
        } catch (IOException hungUp) {
            return null;
        }
    }

    @Test
    void nobodyThereAndNobodyWhoMayBeCalledAreTold() throws Exception {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(call(free, "/")).isEqualTo(new Answer.Failed("connection", "nobody listens there"));
        assertThat(caller(List.of(), PATIENT).post(to("http://127.0.0.1:" + free + "/"), Map.of(), BODY))
                .isEqualTo(new Answer.Refused("127.0.0.1 is a loopback address"));
    }

    @Test
    void certificateMustBeForTheNameThatWasAskedFor(@TempDir Path folder) throws Exception {
        assertThat(securely(folder, "localhost")).isInstanceOf(Answer.Taken.class);
        assertThat(securely(folder, "elsewhere.example.org"))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason()).startsWith("the connection failed"));
    }

    /** Calls localhost where the certificate is trusted, and for that name. */
    private Answer securely(Path folder, String name) throws Exception {
        keytool(
                folder,
                "-genkeypair -keystore %1$s -alias %1$s -keyalg EC -dname CN=%1$s -ext san=dns:%1$s".formatted(name));
        server.ifPresent(some -> some.stop(0));
        var port = serveSecurely(folder.resolve(name));
        System.setProperty("javax.net.ssl.trustStore", folder.resolve(name).toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
        try {
            return caller(List.of("127.0.0.1/32", "::1/128"), PATIENT)
                    .post(to("https://localhost:" + port + "/"), Map.of(), BODY);
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    private static void keytool(Path folder, String arguments) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of((arguments + " -storepass changeit").split(" ")));
        var keytool = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        assertThat(keytool.waitFor())
                .as(Files.readString(folder.resolve("log")))
                .isZero();
    }

    private int serveSecurely(Path keys) throws Exception {
        var store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        return start(https, exchange -> answer(exchange, 200));
    }

    private int serve(HttpHandler handler) throws IOException {
        return start(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), handler);
    }

    private int start(HttpServer http, HttpHandler handler) {
        http.createContext("/", handler);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        server = Optional.of(http);
        return http.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private Answer call(int port, String path) throws InterruptedException {
        return caller.post(to("http://127.0.0.1:" + port + path), Map.of(), BODY);
    }

    private static Destination to(String url) {
        return Destination.of(url, true);
    }
}
