package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tests.RawHttp.Answer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What no client should send, and some do: over plain sockets, since HTTP clients would not. */
class HostileRequestsIT {

    private static final Duration SOON = Duration.ofSeconds(8);
    private static final Duration PACE = Duration.ofMillis(100);
    private static final String HOST = "Host: localhost\r\n";

    private final House house = StrictDoor.house();

    @AfterEach
    void serviceIsAsWellAsBefore() {
        assertThat(house.api.get("/q/health").status()).isEqualTo(200);
    }

    @Test
    void headersThatTrickleAreCutOff() throws IOException {
        try (var connection = open()) {
            connection.send("GET /v1/jobs HTTP/1.1\r\n" + HOST + "X-Slow: ");

            var answer = trickle(connection, "x");

            problem(answer, 408, "request-timeout");
            assertThat(detail(answer)).contains("headers", "0.7 seconds");
            assertThat(connection.isClosedWithin(SOON)).isTrue();
        }
    }

    @Test
    void bodyThatTricklesIsCutOff() throws IOException {
        try (var announced = open();
                var chunked = open()) {
            announced.send(post("/v1/jobs", "Content-Length: 10000\r\n"));
            chunked.send(post("/v1/jobs", "Transfer-Encoding: chunked\r\n"));

            problem(trickle(announced, " "), 408, "request-timeout");
            problem(trickle(chunked, "1\r\n \r\n"), 408, "request-timeout");
            assertThat(announced.isClosedWithin(SOON)).isTrue();
        }
    }

    /** Sends that again and again until there is an answer. */
    private static Answer trickle(RawHttp connection, String more) throws IOException {
        for (var tries = 0; tries < 80; tries++) {
            connection.send(more);
            try {
                return connection.read(PACE).orElseThrow();
            } catch (SocketTimeoutException none) {
                // the pace of the trickle
            }
        }
        throw new AssertionError("the door listens for ever");
    }

    @Test
    void silentConnectionThatAskedOnceIsKept() throws IOException {
        try (var connection = open()) {
            assertThat(ask(connection, get("/q/health", "")).status()).isEqualTo(200);
            assertThat(connection.isClosedWithin(Duration.ofMillis(1_500))).isFalse();
            assertThat(ask(connection, get("/q/health", "")).status()).isEqualTo(200);
        }
    }

    @Test
    void tooMuchBeforeTheBodyIsRefusedWithItsLimit() throws IOException {
        limit(get("/v1/jobs", "X-Big: " + "x".repeat(20_000) + "\r\n"), 431, "headers-too-large", "16384");
        limit(get("/v1/jobs", "X-Many: x\r\n".repeat(101)), 431, "headers-too-large", "100 headers");
        limit(get("/v1/jobs?label=" + "x".repeat(9_000), ""), 414, "url-too-long", "8192");
        limit(get("/v1/jobs?" + "a=b&".repeat(150), ""), 400, "malformed-request", "100 parameters");
    }

    @Test
    void urlThatIsNoneIsRefused() throws IOException {
        for (var path : new String[] {
            "/v1/jobs/%zz",
            "/v1/jobs/%",
            "/v1/jobs/%f",
            "/v1/jobs/%ff",
            "/v1/jobs/%00",
            "/v1/jobs/\u00e4",
            "/v1/jobs?state=%c3%28"
        }) {
            limit(get(path, ""), 400, "malformed-request", "The URL");
        }
        for (var path :
                new String[] {"http://localhost/v1/jobs", "//", "///", "//?x=1", "//localhost:x/v1/jobs", "*"}) {
            limit(get(path, ""), 400, "malformed-request", "one slash");
        }
    }

    @Test
    void encodingsThatNobodyReadsAreRefused() throws IOException {
        limit(body("{}", "Content-Encoding: gzip\r\n"), 415, "unsupported-encoding", "Content-Encoding");
        limit(body("{}", "Content-Type: application/json; charset=utf-16\r\n"), 415, "unsupported-encoding", "UTF-8");
        limit(
                post("/v1/jobs", "Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n",
                400,
                "malformed-request",
                "chunked");
        limit(body("{}", "Expect: a miracle\r\n"), 417, "expectation-failed", "100-continue");
    }

    @Test
    void bodyThatIsNoProperJsonIsRefused() throws IOException {
        refused(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, "UTF-8");
        refused("{\"type\": 1}".getBytes(UTF_16BE), "");
        refused(new byte[8], "Not JSON");
        refused("{\"type\": \"a\\u0000b\"}".getBytes(UTF_8), "U+0000");
        refused("{\"type\": \"\\ud800\"}".getBytes(UTF_8), "surrogate");
        refused("{\"type\": \"a\", \"type\": \"b\"}".getBytes(UTF_8), "Duplicate");
        refused(("[".repeat(100) + "]".repeat(100)).getBytes(UTF_8), "64 deep");
        refused(("[" + "1,".repeat(60_000) + "1]").getBytes(UTF_8), "50000 values");
        refused(("{\"a\": " + "1".repeat(200) + "}").getBytes(UTF_8), "numbers of 100");
        refused(("{\"" + "n".repeat(2_000) + "\": 1}").getBytes(UTF_8), "names of 1000");
    }

    private void refused(byte[] body, String detail) throws IOException {
        limit(body(new String(body, ISO_8859_1), ""), 400, "malformed-request", detail);
    }

    @Test
    void endlessBodyIsEnded() throws IOException {
        var chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        try (var connection = open()) {
            connection.send(post("/v1/jobs", "Transfer-Encoding: chunked\r\n"));
            await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> isEnded(connection, chunk));
        }
    }

    private static boolean isEnded(RawHttp connection, String chunk) {
        try {
            connection.send(chunk);
            return connection.hasAnswer();
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void requestsInOnePieceAreAnsweredInTheirOrder() throws IOException {
        try (var connection = open()) {
            connection.send(get("/v1/nothing-1", "").repeat(10) + get("/q/health", "") + get("/v1/nothing-2", ""));

            for (var i = 0; i < 10; i++) assertThat(next(connection).body()).contains("/v1/nothing-1");
            assertThat(next(connection).status()).isEqualTo(200);
            assertThat(next(connection).body()).contains("/v1/nothing-2");
        }
    }

    @Test
    void whatIsNotHttpIsRefused() throws IOException {
        limit("GET /v1/jobs HTTP/9.x\r\n\r\n", 400, "malformed-request", "HTTP/1.1");
        limit("GET /v1/jobs HTTP/1.1\r\nno colon\r\n : x\r\n\r\n", 400, "malformed-request", "");
        limit(post("/v1/jobs", "Content-Length: many\r\n"), 400, "malformed-request", "");
        limit(post("/v1/jobs", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400, "malformed-request", "");
        limit(post("/v1/jobs", "Transfer-Encoding: chunked\r\n") + "zz\r\n", 400, "malformed-request", "");
        var random = new Random(1);
        for (var i = 0; i < 20; i++) {
            var garbage = new byte[1 + random.nextInt(3_000)];
            random.nextBytes(garbage);
            try (var connection = open()) {
                connection.send(garbage).send("\r\n\r\n");
                connection
                        .read(SOON)
                        .ifPresent(answer -> assertThat(answer.status()).isBetween(400, 499));
            }
        }
    }

    @Test
    void connectionBeyondTheLimitIsClosedAndTheNextFreeOneIsNot() throws Exception {
        // again while connections of other tests still count
        await().atMost(SOON.multipliedBy(3)).until(this::lastConnectionBeyondTheLimitIsClosed);
        await().atMost(SOON).untilAsserted(() -> {
            try (var connection = open()) {
                assertThat(ask(connection, get("/q/health", "")).status()).isEqualTo(200);
            }
        });
    }

    private boolean lastConnectionBeyondTheLimitIsClosed() throws IOException {
        var connections = new ArrayList<RawHttp>();
        try {
            for (var i = 0; i <= StrictDoor.MAX_CONNECTIONS; i++) connections.add(open());
            return connections.getLast().isClosedWithin(Duration.ofSeconds(2));
        } finally {
            for (var connection : connections) connection.close();
        }
    }

    private void limit(String request, int status, String slug, String detail) throws IOException {
        try (var connection = open()) {
            var answer = ask(connection, request);
            problem(answer, status, slug);
            assertThat(detail(answer)).contains(detail);
        }
    }

    private static void problem(Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(answer.json().path("type").asText()).isEqualTo("/problems/" + slug);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Exception", "io.netty", "java.");
    }

    private static String detail(Answer answer) {
        return answer.json().path("detail").asText();
    }

    private Answer ask(RawHttp connection, String request) throws IOException {
        return next(connection.send(request));
    }

    private static Answer next(RawHttp connection) throws IOException {
        return connection.read(SOON).orElseThrow(() -> new AssertionError("closed without an answer"));
    }

    private RawHttp open() throws IOException {
        return new RawHttp(house.stack.url());
    }

    private String get(String target, String headers) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST + key() + headers + "\r\n";
    }

    private String post(String target, String headers) {
        var type = headers.contains("Content-Type") ? "" : "Content-Type: application/json\r\n";
        return "POST " + target + " HTTP/1.1\r\n" + HOST + key() + type + headers + "\r\n";
    }

    private String body(String body, String headers) {
        return post("/v1/jobs", headers + "Content-Length: " + body.length() + "\r\n") + body;
    }

    private String key() {
        return "Authorization: Bearer " + house.stack.apiKey() + "\r\n";
    }
}
