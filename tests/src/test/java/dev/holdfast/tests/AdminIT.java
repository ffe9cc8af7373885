package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.Api.Answer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class AdminIT {

    private static final String KEYS = "/v1/admin/keys";
    private static final String TENANTS = "/v1/admin/tenants";
    private static final String AUDIT = "/v1/admin/audit";

    private final House house = Door.HOUSE;
    private final Api operator = house.api;

    /** A tenant of this test's own. */
    private final String tenant = "t-" + UUID.randomUUID();

    @Test
    void keyIsShownOnceAndOnlyItsHashIsKept() {
        // when
        var created = create("\"jobs:read\", \"jobs:write\"", "");
        var key = created.path("apiKey").asText();

        // then
        assertThat(key).matches("hf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
        assertThat(created.at("/key/id").asText()).isEqualTo(key.substring(0, 11));
        assertThat(created.at("/key/scopes")).hasToString("[\"jobs:write\",\"jobs:read\"]");
        assertThat(created.at("/key/state").asText()).isEqualTo("ACTIVE");
        assertThat(operator.as(key).get("/v1/jobs").status()).isEqualTo(200);
        assertThat(operator.get(KEYS + "?tenant=" + tenant).response().body())
                .contains(key.substring(0, 11))
                .doesNotContain(key.substring(12));
        try (var dynamo = Cloud.dynamo()) {
            assertThat(dynamo.scanPaginator(scan -> scan.tableName(house.table("access")))
                            .items())
                    .isNotEmpty()
                    .noneMatch(item -> item.toString().contains(key.substring(12)));
        }
    }

    @Test
    void keyMayDoWhatItsScopesSayAndNoMore() {
        var reader = operator.as(create("\"jobs:read\"", "").path("apiKey").asText());

        assertThat(reader.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(reader.post("/v1/jobs", "{}").body().path("type").asText()).isEqualTo("/problems/scope-missing");
        assertThat(reader.get(KEYS).status()).isEqualTo(403);
        assertThat(wrongSecretOf(reader).status()).isEqualTo(401);
    }

    /** The key's own name, with another secret. */
    private Answer wrongSecretOf(Api reader) {
        var id = reader.request("/")
                .build()
                .headers()
                .firstValue("Authorization")
                .orElseThrow()
                .substring(7, 18);
        return operator.as(id + "_" + "A".repeat(43)).get("/v1/jobs");
    }

    @Test
    void revokedKeyIsDeadAtOnceHereAndSoonEverywhere() {
        var created = create("\"jobs:read\"", "");
        var key = created.path("apiKey").asText();
        assertThat(operator.as(key).get("/v1/jobs").status()).isEqualTo(200);
        assertThat(Door.SECOND.as(key).get("/v1/jobs").status()).isEqualTo(200);

        var revoked = operator.post(path(created) + "/revoke", "");
        var at = Instant.now();

        assertThat(revoked.body().path("state").asText()).isEqualTo("REVOKED");
        assertThat(operator.as(key).get("/v1/jobs").status()).isEqualTo(401);
        await().atMost(Door.REMEMBERED.plusSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Door.SECOND.as(key).get("/v1/jobs").status() == 401);
        System.out.println("a revoked key was dead everywhere after " + Duration.between(at, Instant.now()));
        var again = operator.post(path(created) + "/revoke", "");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("revokedAt")).isEqualTo(revoked.body().path("revokedAt"));
        assertThat(operator.post(path(created) + "/rotate", "{}").status()).isEqualTo(409);
    }

    @Test
    void rotatedKeyStillWorksForTheOverlap() {
        var before = create("\"jobs:read\"", "");
        var old = operator.as(before.path("apiKey").asText());

        var after = operator.post(path(before) + "/rotate", "{\"overlap\": \"PT2S\"}");

        assertThat(after.status()).isEqualTo(201);
        var next = operator.as(after.body().path("apiKey").asText());
        assertThat(after.body().at("/key/scopes")).hasToString("[\"jobs:read\"]");
        assertThat(old.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(next.get("/v1/jobs").status()).isEqualTo(200);
        patiently().until(() -> old.get("/v1/jobs").status() == 401);
        assertThat(next.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(shown(before).path("state").asText()).isEqualTo("EXPIRED");
        assertThat(shown(before).path("replacedBy")).isEqualTo(after.body().at("/key/id"));
    }

    @Test
    void keyEndsAtItsTimeAndItsSuccessorLivesAsLong() {
        var created =
                create("\"jobs:read\"", ", \"expiresAt\": \"" + Instant.now().plusSeconds(2) + "\"");
        var key = operator.as(created.path("apiKey").asText());
        assertThat(key.get("/v1/jobs").status()).isEqualTo(200);

        var after = operator.post(path(created) + "/rotate", "{}").body().path("key");

        assertThat(lifetime(after)).isEqualTo(lifetime(created.path("key")));
        patiently().until(() -> key.get("/v1/jobs").status() == 401);
    }

    private static Duration lifetime(JsonNode key) {
        return Duration.between(
                Instant.parse(key.path("createdAt").asText()),
                Instant.parse(key.path("expiresAt").asText()));
    }

    @Test
    void lastUseIsNotedBesideTheRequests() {
        var created = create("\"jobs:read\"", "");
        assertThat(created.path("key").has("lastUsedAt")).isFalse();

        operator.as(created.path("apiKey").asText()).get("/v1/jobs");

        patiently().until(() -> shown(created).has("lastUsedAt"));
        assertThat(Instant.parse(shown(created).path("lastUsedAt").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void keyCannotRevokeItself() {
        var own = operator.post(KEYS + "/" + house.stack.apiKey().substring(0, 11) + "/revoke", "");

        assertThat(own.status()).isEqualTo(409);
    }

    @Test
    void adminOfATenantReachesThatTenantOnly() {
        var admin = operator.as(create("\"admin\"", "").path("apiKey").asText());

        assertThat(admin.get(TENANTS).body().path("items").findValuesAsText("name"))
                .containsExactly(tenant);
        assertThat(admin.get(TENANTS + "/local").status()).isEqualTo(404);
        assertThat(admin.get(KEYS + "?tenant=local").status()).isEqualTo(404);
        assertThat(admin.get(AUDIT + "?tenant=local").status()).isEqualTo(404);
        assertThat(admin.get(AUDIT).body().path("items").findValuesAsText("tenant"))
                .containsOnly(tenant);
        assertThat(admin.post(TENANTS, "{\"name\": \"another\"}")
                        .body()
                        .path("type")
                        .asText())
                .isEqualTo("/problems/operator-only");
        assertThat(put(admin, TENANTS + "/" + tenant + "/quotas", "{}").status())
                .isEqualTo(403);
        assertThat(admin.post(TENANTS + "/" + tenant + "/suspend", "").status()).isEqualTo(403);
        var foreign = admin.post(KEYS, "{\"name\": \"x\", \"tenant\": \"local\", \"scopes\": [\"admin\"]}");
        assertThat(foreign.pointers()).containsExactly("/tenant");
        assertThat(admin.post(KEYS, "{\"name\": \"own\", \"scopes\": [\"jobs:read\"]}")
                        .body()
                        .at("/key/tenant")
                        .asText())
                .isEqualTo(tenant);
    }

    @Test
    void suspendedTenantIsShutOutAndItsSchedulesRest() {
        // given
        var key = operator.as(
                create("\"jobs:read\", \"jobs:write\"", "").path("apiKey").asText());
        var schedule = key.post("/v1/schedules", """
                {"name": "often", "every": "PT1S", "job": {"type": "registration",
                 "payload": {"username": "often", "email": "often@example.org"}}}""");
        assertThat(schedule.status()).isEqualTo(201);
        patiently().until(() -> jobs(key) > 0);

        // when
        var suspended = operator.post(TENANTS + "/" + tenant + "/suspend", "").body();

        // then
        assertThat(suspended.path("state").asText()).isEqualTo("SUSPENDED");
        assertThat(key.get("/v1/jobs").body().path("type").asText()).isEqualTo("/problems/tenant-suspended");
        patiently().until(() -> Door.SECOND.as(bearer(key)).get("/v1/jobs").status() == 403);
        var rests = Instant.now().plusMillis(500);
        patiently().until(() -> Instant.now().isAfter(rests.plusSeconds(2)));
        var ends = Instant.now();
        operator.post(TENANTS + "/" + tenant + "/resume", "");
        patiently().until(() -> key.get("/v1/jobs").status() == 200);
        assertThat(key.get("/v1/jobs?since=" + rests + "&until=" + ends).body().path("items"))
                .as("jobs of the schedule while its tenant was suspended")
                .isEmpty();
        assertThat(operator.post(TENANTS + "/local/suspend", "").status()).isEqualTo(409);
        key.post("/v1/schedules/" + schedule.body().path("id").asText() + "/pause", "");
    }

    private static int jobs(Api key) {
        return key.get("/v1/jobs").body().path("items").size();
    }

    private static String bearer(Api api) {
        return api.request("/")
                .build()
                .headers()
                .firstValue("Authorization")
                .orElseThrow()
                .substring(7);
    }

    @Test
    void everyActionIsOnRecordNewestFirst() {
        // given
        var created = create("\"admin\"", "");
        put(operator, TENANTS + "/" + tenant + "/quotas", "{\"openJobs\": 7}");
        operator.post(TENANTS + "/" + tenant + "/suspend", "");
        operator.post(TENANTS + "/" + tenant + "/resume", "");
        var next = operator.post(path(created) + "/rotate", "{}").body();
        operator.post(KEYS + "/" + next.at("/key/id").asText() + "/revoke", "");
        var doubled = operator.post(TENANTS, "{\"name\": \"%s\"}".formatted(tenant));
        assertThat(doubled.status()).isEqualTo(409);

        // when
        var records = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = operator.get(AUDIT + "?tenant=" + tenant + "&limit=3" + cursor)
                    .body();
            page.path("items").forEach(records::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());

        // then
        assertThat(records)
                .extracting(record -> record.path("what").asText())
                .containsExactly(
                        "tenants.create",
                        "keys.revoke",
                        "keys.rotate",
                        "tenants.resume",
                        "tenants.suspend",
                        "tenants.quotas",
                        "keys.create",
                        "tenants.create");
        assertThat(records).allSatisfy(record -> {
            assertThat(record.path("who").asText())
                    .isEqualTo(house.stack.apiKey().substring(0, 11));
            assertThat(record.path("by").asText()).isEqualTo("local");
        });
        assertThat(records.getFirst().path("outcome")).as("it was refused").isEmpty();
        assertThat(records.get(5).at("/arguments/openJobs").asText()).isEqualTo("7");
        assertThat(records.get(6).at("/outcome/key")).isEqualTo(created.at("/key/id"));
        var all = operator.get(AUDIT + "?what=keys.&limit=100").body();
        assertThat(all.path("items").findValuesAsText("tenant")).contains(tenant);
        assertThat(all.path("items").findValuesAsText("what")).allMatch(what -> what.startsWith("keys."));
        assertThat(all.toString() + records)
                .doesNotContain(created.path("apiKey").asText().substring(12));
    }

    @Test
    void pagesShowEveryKeyAndTenantOnce() {
        create("\"jobs:read\"", "");
        for (var i = 0; i < 4; i++) house.key(tenant, "jobs:read");

        assertThat(pages(KEYS + "?limit=2&tenant=" + tenant, "id")).hasSize(5).doesNotHaveDuplicates();
        assertThat(pages(TENANTS + "?limit=2", "name"))
                .contains("local", tenant)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    private List<String> pages(String list, String field) {
        var shown = new ArrayList<String>();
        var cursor = "";
        do {
            var page = operator.get(list + cursor).body();
            page.path("items").forEach(item -> shown.add(item.path(field).asText()));
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        return shown;
    }

    @Test
    void everyFaultNamesItsField() {
        invalid(KEYS, "{\"scopes\": [\"admin\"]}", "/name");
        invalid(KEYS, "{\"name\": \"\", \"scopes\": [\"admin\"]}", "/name");
        invalid(KEYS, "{\"name\": \"x\"}", "/scopes");
        invalid(KEYS, "{\"name\": \"x\", \"scopes\": []}", "/scopes");
        invalid(KEYS, "{\"name\": \"x\", \"scopes\": [\"root\"]}", "/scopes/0");
        invalid(KEYS, "{\"name\": \"x\", \"scopes\": [\"admin\"], \"tenant\": \"nobody\"}", "/tenant");
        invalid(
                KEYS,
                "{\"name\": \"x\", \"scopes\": [\"admin\"], \"expiresAt\": \"2020-01-01T00:00:00Z\"}",
                "/expiresAt");
        invalid(KEYS, "{\"name\": \"x\", \"scopes\": [\"admin\"], \"expiresAt\": \"soon\"}", "/expiresAt");
        invalid(KEYS, "{\"name\": \"x\", \"scopes\": [\"admin\"], \"secret\": \"s\"}", "/secret");
        invalid(TENANTS, "{}", "/name");
        invalid(TENANTS, "{\"name\": \"Big Corp\"}", "/name");
        invalid(TENANTS, "{\"name\": \"x\", \"quotas\": {\"openJobs\": 0}}", "/quotas/openJobs");
        invalid(TENANTS, "{\"name\": \"x\", \"quotas\": {\"jobs\": 1}}", "/quotas/jobs");
        var own = KEYS + "/" + house.stack.apiKey().substring(0, 11);
        invalid(own + "/rotate", "{\"overlap\": \"-PT1S\"}", "/overlap");
        invalid(own + "/rotate", "{\"overlap\": \"P91D\"}", "/overlap");
        invalid(own + "/rotate", "{\"overlap\": \"long\"}", "/overlap");
        assertThat(put(operator, TENANTS + "/local/quotas", "{\"requestsPerSecond\": 0}")
                        .pointers())
                .containsExactly("/requestsPerSecond");
        for (var query : List.of(KEYS + "?limit=0", KEYS + "?cursor=x", TENANTS + "?cursor=__", AUDIT + "?cursor=x")) {
            assertThat(operator.get(query).body().path("type").asText())
                    .as(query)
                    .isEqualTo("/problems/invalid-parameter");
        }
        assertThat(operator.post(KEYS + "/hf_nonsense/revoke", "").status()).isEqualTo(404);
        assertThat(operator.post(KEYS + "/" + "x".repeat(3_000) + "/revoke", "").status())
                .isEqualTo(404);
    }

    private void invalid(String path, String json, String pointer) {
        var answer = operator.post(path, json);
        assertThat(answer.status()).as(json).isEqualTo(422);
        assertThat(answer.pointers()).as(json).containsExactly(pointer);
    }

    @Test
    void everyAnswerTellsBrowsersToKeepOff() {
        for (var answer : List.of(
                operator.get("/v1/jobs"),
                operator.get("/v1/nothing"),
                operator.as("hf_nobody").get("/v1/jobs"),
                operator.as("hf_nobody").get(KEYS),
                operator.post("/v1/jobs", "{}"),
                operator.post("/v1/jobs", " ".repeat(300_000)),
                operator.post("/v1/jobs", "", "Content-Type", "text/plain"),
                operator.get("/v1/users/confirm?token=none"))) {
            var status = "" + answer.status();
            assertThat(answer.response().headers().allValues("Cache-Control"))
                    .as(status)
                    .containsExactly("no-store");
            assertThat(answer.header("X-Content-Type-Options")).as(status).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).as(status).isEqualTo("no-referrer");
            assertThat(answer.header("X-Frame-Options")).as(status).isEqualTo("DENY");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).as(status).isEqualTo("same-origin");
            assertThat(answer.header("Content-Security-Policy"))
                    .as(status)
                    .isEqualTo("default-src 'none'; frame-ancestors 'none'");
        }
        assertThat(operator.get("/q/health").header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void logsTellNoKeyAndNoAddress() throws IOException {
        var key = create("\"jobs:write\"", "").path("apiKey").asText();
        operator.as(key).post("/v1/jobs", """
                {"type": "registration", "payload": {"username": "%1$s", "email": "%1$s@example.org"}}""".formatted(tenant));
        operator.as(key).post("/v1/jobs", "{\"type\": \"registration\", \"payload\": {\"email\": \"x@example.org\"}}");
        operator.as(key + "x").get("/v1/jobs");

        for (var pod : List.of("ingest", "ingest-2")) {
            assertThat(Files.readString(house.stack.service(pod).log()))
                    .isNotEmpty()
                    .doesNotContain("@example.org")
                    .doesNotContainPattern("hf_[a-z0-9]{8}_[A-Za-z0-9]");
        }
    }

    /** A key of this test's tenant, as it was answered. */
    private JsonNode create(String scopes, String more) {
        var added = operator.post(TENANTS, "{\"name\": \"%s\"}".formatted(tenant));
        assertThat(added.status()).isIn(201, 409);
        var answer = operator.post(
                KEYS, "{\"name\": \"test\", \"tenant\": \"%s\", \"scopes\": [%s]%s}".formatted(tenant, scopes, more));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }

    private static String path(JsonNode created) {
        return KEYS + "/" + created.at("/key/id").asText();
    }

    /** The key as the list shows it. */
    private JsonNode shown(JsonNode created) {
        for (var key : operator.get(KEYS + "?tenant=" + tenant).body().path("items")) {
            if (key.path("id").equals(created.at("/key/id"))) return key;
        }
        throw new AssertionError("not in the list: " + created.at("/key/id"));
    }

    private static Answer put(Api api, String path, String json) {
        return api.send(
                api.request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(100));
    }
}
