package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** An endpoint for webhooks: a real HTTP server that answers as it is told, path by path, and 200 otherwise. */
public final class Receiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, ConcurrentLinkedQueue<Reply>> replies = new ConcurrentHashMap<>();

    /** A request as it came; names of headers are in lower case. */
    public record Call(String path, Instant at, Map<String, String> headers, String content) {

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        JsonNode body() {
            try {
                return JSON.readTree(content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whether a secret has signed it, by the rules of Standard Webhooks as a receiver would follow them. */
        boolean isSignedWith(String secret) {
            return isSignedWith(secret, content);
        }

        boolean isSignedWith(String secret, String claimed) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HMAC"));
                var text = header("webhook-id") + "." + header("webhook-timestamp") + "." + claimed;
                var expected =
                        "v1," + Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
                return Arrays.asList(header("webhook-signature").split(" ")).contains(expected);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** An answer; {@code hangs}: none, as long as the receiver is there. */
    private record Reply(int status, Map<String, String> headers, boolean hangs) {}

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var content = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> header.getValue().getFirst(),
                        (one, other) -> one,
                        TreeMap::new));
        calls.add(new Call(path, Instant.now(), headers, content));
        var planned = replies.getOrDefault(path, new ConcurrentLinkedQueue<>());
        var first = planned.peek();
        if (first != null && first.hangs()) {
            hang();
            return;
        }
        var reply = planned.poll();
        if (reply != null) reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply == null ? 200 : reply.status(), -1);
        exchange.close();
    }

    private void hang() {
        try {
            end.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where it listens. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** The next call of the path is answered so; {@code headers} are names and values in turn. */
    void reply(String path, int status, String... headers) {
        var named = new TreeMap<String, String>();
        for (var i = 0; i < headers.length; i += 2) named.put(headers[i], headers[i + 1]);
        replies.computeIfAbsent(path, any -> new ConcurrentLinkedQueue<>()).add(new Reply(status, named, false));
    }

    /** Calls of the path are not answered. */
    void hangAt(String path) {
        replies.computeIfAbsent(path, any -> new ConcurrentLinkedQueue<>()).add(new Reply(0, Map.of(), true));
    }

    /** The calls of a path so far. */
    List<Call> calls(String path) {
        return calls.stream().filter(call -> call.path().equals(path)).toList();
    }

    /** Waits until the path was called so often. */
    public List<Call> await(String path, int number) {
        Receiver.soon(() -> assertThat(calls(path)).hasSize(number));
        return calls(path);
    }

    static void soon(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
