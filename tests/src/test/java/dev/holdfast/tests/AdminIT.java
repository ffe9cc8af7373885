package dev.holdfast.tests;

import static dev.holdfast.tests.OwnTenant.KEYS;
import static dev.holdfast.tests.OwnTenant.path;
import static dev.holdfast.tests.OwnTenant.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tenants, and what is on record of those who administer them. */
class AdminIT {

    private static final String TENANTS = "/v1/admin/tenants";
    private static final String AUDIT = "/v1/admin/audit";

    private final House house = Door.HOUSE;
    private final Api operator = house.api;
    private final OwnTenant own = new OwnTenant();

    @Test
    void adminOfATenantReachesThatTenantOnly() {
        var admin = operator.as(own.create("\"admin\"", "").path("apiKey").asText());

        assertThat(admin.get(TENANTS).body().path("items").findValuesAsText("name"))
                .containsExactly(own.tenant);
        assertThat(admin.get(TENANTS + "/local").status()).isEqualTo(404);
        assertThat(admin.get(KEYS + "?tenant=local").status()).isEqualTo(404);
        assertThat(admin.get(AUDIT + "?tenant=local").status()).isEqualTo(404);
        assertThat(admin.get(AUDIT).body().path("items").findValuesAsText("tenant"))
                .containsOnly(own.tenant);
        assertThat(admin.post(TENANTS, "{\"name\": \"another\"}")
                        .body()
                        .path("type")
                        .asText())
                .isEqualTo("/problems/operator-only");
        assertThat(admin.put(TENANTS + "/" + own.tenant + "/quotas", "{}").status())
                .isEqualTo(403);
        assertThat(admin.post(TENANTS + "/" + own.tenant + "/suspend", "").status())
                .isEqualTo(403);
        var foreign = admin.post(KEYS, "{\"name\": \"x\", \"tenant\": \"local\", \"scopes\": [\"admin\"]}");
        assertThat(foreign.pointers()).containsExactly("/tenant");
        assertThat(admin.post(KEYS, "{\"name\": \"own\", \"scopes\": [\"jobs:read\"]}")
                        .body()
                        .at("/key/tenant")
                        .asText())
                .isEqualTo(own.tenant);
    }

    @Test
    void suspendedTenantIsShutOutAndItsSchedulesRest() {
        // given
        var key = operator.as(
                own.create("\"jobs:read\", \"jobs:write\"", "").path("apiKey").asText());
        var schedule = key.post("/v1/schedules", """
                {"name": "often", "every": "PT1S", "job": {"type": "registration",
                 "payload": {"username": "often", "email": "often@example.org"}}}""");
        assertThat(schedule.status()).isEqualTo(201);
        patiently().until(() -> jobs(key) > 0);

        // when
        var suspended =
                operator.post(TENANTS + "/" + own.tenant + "/suspend", "").body();

        // then
        assertThat(suspended.path("state").asText()).isEqualTo("SUSPENDED");
        assertThat(key.get("/v1/jobs").body().path("type").asText()).isEqualTo("/problems/tenant-suspended");
        patiently().until(() -> Door.SECOND.as(bearer(key)).get("/v1/jobs").status() == 403);
        var rests = Instant.now().plusMillis(500);
        patiently().until(() -> Instant.now().isAfter(rests.plusSeconds(2)));
        var ends = Instant.now();
        operator.post(TENANTS + "/" + own.tenant + "/resume", "");
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
        var created = own.create("\"admin\"", "");
        operator.put(TENANTS + "/" + own.tenant + "/quotas", "{\"openJobs\": 7}");
        operator.post(TENANTS + "/" + own.tenant + "/suspend", "");
        operator.post(TENANTS + "/" + own.tenant + "/resume", "");
        var next = operator.post(path(created) + "/rotate", "{}").body();
        operator.post(KEYS + "/" + next.at("/key/id").asText() + "/revoke", "");
        var doubled = operator.post(TENANTS, "{\"name\": \"%s\"}".formatted(own.tenant));
        assertThat(doubled.status()).isEqualTo(409);

        // when
        var records = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = operator.get(AUDIT + "?tenant=" + own.tenant + "&limit=3" + cursor)
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
        assertThat(all.path("items").findValuesAsText("tenant")).contains(own.tenant);
        assertThat(all.path("items").findValuesAsText("what")).allMatch(what -> what.startsWith("keys."));
        assertThat(all.toString() + records)
                .doesNotContain(created.path("apiKey").asText().substring(12));
    }

    @Test
    void pagesShowEveryKeyAndTenantOnce() {
        own.create("\"jobs:read\"", "");
        for (var i = 0; i < 4; i++) house.key(own.tenant, "jobs:read");

        assertThat(pages(KEYS + "?limit=2&tenant=" + own.tenant, "id"))
                .hasSize(5)
                .doesNotHaveDuplicates();
        assertThat(pages(TENANTS + "?limit=2", "name"))
                .contains("local", own.tenant)
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
        var ownKey = KEYS + "/" + house.stack.apiKey().substring(0, 11);
        invalid(ownKey + "/rotate", "{\"overlap\": \"-PT1S\"}", "/overlap");
        invalid(ownKey + "/rotate", "{\"overlap\": \"P91D\"}", "/overlap");
        invalid(ownKey + "/rotate", "{\"overlap\": \"long\"}", "/overlap");
        assertThat(operator.put(TENANTS + "/local/quotas", "{\"requestsPerSecond\": 0}")
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
}
