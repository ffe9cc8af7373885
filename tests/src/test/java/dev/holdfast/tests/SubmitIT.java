package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.Api.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SubmitIT {

    private static final String USER = """
            {"type": "registration", "payload": {"username": "%1$s", "email": "%1$s@example.org"}}""";

    private final House house = House.shared();

    @Test
    void hundredRequestsWithOneKeyAreOneJobOneUserOneMail() throws Exception {
        // when
        List<Future<Answer>> answers = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 100; i++) {
                answers.add(clients.submit(
                        () -> house.api.post("/v1/jobs", USER.formatted("once"), "Idempotency-Key", "hundred")));
            }
        }

        // then
        var ids = new ArrayList<String>();
        var fresh = 0;
        for (var answer : answers) {
            assertThat(answer.get().status()).isIn(200, 202);
            ids.add(answer.get().body().path("id").asText());
            if (answer.get().header("Idempotency-Replayed").equals("false")) fresh++;
        }
        assertThat(ids).hasSize(100).containsOnly(ids.getFirst());
        assertThat(fresh).isEqualTo(1);
        var job = house.api.await(ids.getFirst());
        assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("history").findValuesAsText("state")).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        assertThat(house.mailbox.await("once@example.org", 1)).hasSize(1);
    }

    @Test
    void replayShowsTheJobAsItStands() {
        // given
        var first = house.api.post("/v1/jobs", USER.formatted("replay"), "Idempotency-Key", "r-1");
        house.api.await(first.body().path("id").asText());

        // when
        var quoted = house.api.post("/v1/jobs", USER.formatted("replay"), "Idempotency-Key", "\"r-1\"");
        var spaced = house.api.post("/v1/jobs", " " + USER.formatted("replay"), "Idempotency-Key", "r-1");

        // then
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Location"))
                .isEqualTo("/v1/jobs/" + first.body().path("id").asText());
        assertThat(quoted.status()).isEqualTo(200);
        assertThat(quoted.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(quoted.body().path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(spaced.body().path("id")).isEqualTo(first.body().path("id"));
    }

    @Test
    void keyOfAnotherBodyIsRefusedAndItsJobUntouched() {
        var first = house.api.post("/v1/jobs", USER.formatted("keyed"), "Idempotency-Key", "k-1");
        var other = house.api.post("/v1/jobs", USER.formatted("other"), "Idempotency-Key", "k-1");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.body().path("type").asText()).isEqualTo("/problems/idempotency-key-reused");
        assertThat(house.api
                        .await(first.body().path("id").asText())
                        .path("state")
                        .asText())
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void everyFaultHasItsStatusAndNamesItsField() {
        problem(house.api.post("/v1/jobs", "{\"type\":"), 400, "malformed-request");
        problem(house.api.post("/v1/jobs", ""), 400, "malformed-request");
        invalid(post("{\"type\": \"nope\", \"payload\": {}}"), "/type");
        invalid(post("{\"payload\": {}}"), "/type");
        invalid(post("{\"type\": \"registration\", \"payload\": {\"username\": \"x\"}}"), "/payload/email");
        invalid(
                post("{\"type\": \"registration\", \"payload\": {\"username\": 7, \"email\": \"a@b.cc\"}}"),
                "/payload/username");
        invalid(
                post(
                        "{\"type\": \"registration\", \"payload\": {\"username\": \"x\", \"email\": \"a@b.cc\"}, \"no\": 1}"),
                "/no");
        invalid(
                post(
                        "{\"type\": \"backup\", \"payload\": {\"repository\": \"default\", \"source\": {\"kind\": \"tape\"}}}"),
                "/payload/source/kind");
        invalid(
                post(
                        "{\"type\": \"backup\", \"payload\": {\"repository\": \"default\", \"exclude\": [\"*.tmp\", \"[\"], \"source\": {\"kind\": \"postgres\", \"connection\": \"shop\"}}}"),
                "/payload/exclude/1");
        invalid(post(USER.formatted("x").replace("}}", "}, \"notify\": {\"email\": [\"no\"]}}")), "/notify/email/0");
        invalid(post(USER.formatted("x").replace("}}", "}, \"maxAttempts\": 0}")), "/maxAttempts");
        invalid(post(USER.formatted("x").replace("}}", "}, \"notBefore\": \"soon\"}")), "/notBefore");
        invalid(post(USER.formatted("x").replace("}}", "}, \"deadline\": \"2001-01-01T00:00:00Z\"}")), "/deadline");
        problem(
                house.api.post("/v1/jobs", USER.formatted("x"), "Idempotency-Key", "x".repeat(129)),
                422,
                "idempotency-key-malformed");
        problem(house.api.post("/v1/jobs", "{}", "Content-Type", "text/plain"), 415, "http-415");
        problem(house.api.post("/v1/jobs", "{}", "Authorization", "Bearer nonsense"), 401, "unauthorized");
        problem(house.api.get("/v1/jobs/00000000-0000-0000-0000-000000000000"), 404, "not-found");
    }

    @Test
    void timeThatLooksLikeOneAndIsNoneIsNamedByItsPlaceAndNoClassIs() {
        var key = house.stack.apiKey().substring(0, 11);
        for (var none : List.of("2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "+1000000000-12-31T23:59:59Z")) {
            var job = USER.formatted("no-time").replace("}}", "}, \"notBefore\": \"" + none + "\"}");
            noTime("/v1/jobs", job, "/notBefore");
            noTime("/v1/jobs", job.replace("notBefore", "deadline"), "/deadline");
            noTime("/v1/jobs/batch", "{\"items\": [{\"job\": " + job + "}]}", "/items/0/job/notBefore");
            noTime(
                    "/v1/schedules",
                    "{\"name\": \"no-time\", \"cron\": \"@daily\", \"job\": " + job + "}",
                    "/job/notBefore");
            noTime(
                    "/v1/dead-letters/redrive",
                    "{\"lane\": \"quick\", \"filter\": {\"before\": \"" + none + "\"}}",
                    "/filter/before");
            noTime(
                    "/v1/admin/keys",
                    "{\"name\": \"no-time\", \"scopes\": [\"admin\"], \"expiresAt\": \"" + none + "\"}",
                    "/expiresAt");
        }
        noTime("/v1/admin/keys/" + key + "/rotate", "{\"overlap\": \"PT99999999999999999H\"}", "/overlap");
    }

    /** The status of an item of a batch is its own. */
    private void noTime(String path, String json, String pointer) {
        var answer = house.api.post(path, json);
        var problem = answer.body().at(path.endsWith("/batch") ? "/items/0/problem" : "");
        assertThat(problem.path("status").asInt()).as(json).isEqualTo(422);
        assertThat(problem.path("errors").findValuesAsText("pointer")).as(json).containsExactly(pointer);
        assertThat(answer.response().body()).doesNotContain("java", "jackson", "dev.holdfast", "Exception");
    }

    @Test
    void tenMegabytesAreRefusedWithTheLimitWhicheverWayTheyCome() {
        var body = "x".repeat(10_000_000);

        var announced = house.api.post("/v1/jobs", body);
        var chunked = house.api.send(house.api
                .request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body.getBytes(UTF_8)))));

        problem(announced, 413, "too-large");
        problem(chunked, 413, "too-large");
        assertThat(announced.body().path("detail").asText()).contains("262144", "/v1/uploads");
    }

    @Test
    void jobIsShownAgainOnlyIfItChanged() {
        var job = house.api.run(USER.formatted("etag"));
        var path = "/v1/jobs/" + job.path("id").asText();
        var etag = house.api.get(path).header("ETag");

        assertThat(house.api.get(path, "If-None-Match", etag).status()).isEqualTo(304);
        assertThat(house.api.get(path, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void jobStartsNoEarlierThanItsNotBefore() {
        var due = java.time.Instant.now().plusSeconds(3);

        var id = house.api.submit(USER.formatted("later").replace("}}", "}, \"notBefore\": \"" + due + "\"}"));
        var before = house.api.get("/v1/jobs/" + id).body();
        var after = house.api.await(id);

        assertThat(before.path("state").asText()).isEqualTo("SCHEDULED");
        assertThat(after.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(java.time.Instant.parse(after.path("startedAt").asText())).isAfterOrEqualTo(due);
    }

    private Answer post(String json) {
        return house.api.post("/v1/jobs", json);
    }

    private static void invalid(Answer answer, String pointer) {
        problem(answer, 422, "invalid-request");
        assertThat(answer.pointers()).contains(pointer);
        assertThat(answer.body().path("detail").asText()).contains(pointer);
    }

    private static void problem(Answer answer, int status, String slug) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().path("type").asText()).isEqualTo("/problems/" + slug);
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        assertThat(answer.body().path("instance").asText()).startsWith("/v1/");
        assertThat(answer.body().path("traceId").asText()).hasSize(32);
    }
}
