package dev.holdfast.tests;

import static dev.holdfast.tests.OwnTenant.KEYS;
import static dev.holdfast.tests.OwnTenant.path;
import static dev.holdfast.tests.OwnTenant.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.Api.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** API keys: what they open, and how they end. */
class KeysIT {

    private final House house = Door.HOUSE;
    private final Api operator = house.api;
    private final OwnTenant own = new OwnTenant();

    @Test
    void keyIsShownOnceAndOnlyItsHashIsKept() {
        // when
        var created = own.create("\"jobs:read\", \"jobs:write\"", "");
        var key = created.path("apiKey").asText();

        // then
        assertThat(key).matches("hf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
        assertThat(created.at("/key/id").asText()).isEqualTo(key.substring(0, 11));
        assertThat(created.at("/key/scopes")).hasToString("[\"jobs:write\",\"jobs:read\"]");
        assertThat(created.at("/key/state").asText()).isEqualTo("ACTIVE");
        assertThat(operator.as(key).get("/v1/jobs").status()).isEqualTo(200);
        assertThat(operator.get(KEYS + "?tenant=" + own.tenant).response().body())
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
        var reader = operator.as(own.create("\"jobs:read\"", "").path("apiKey").asText());

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
        var created = own.create("\"jobs:read\"", "");
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
        var before = own.create("\"jobs:read\"", "");
        var old = operator.as(before.path("apiKey").asText());

        var after = operator.post(path(before) + "/rotate", "{\"overlap\": \"PT2S\"}");

        assertThat(after.status()).isEqualTo(201);
        var next = operator.as(after.body().path("apiKey").asText());
        assertThat(after.body().at("/key/scopes")).hasToString("[\"jobs:read\"]");
        assertThat(old.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(next.get("/v1/jobs").status()).isEqualTo(200);
        patiently().until(() -> old.get("/v1/jobs").status() == 401);
        assertThat(next.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(own.shown(before).path("state").asText()).isEqualTo("EXPIRED");
        assertThat(own.shown(before).path("replacedBy")).isEqualTo(after.body().at("/key/id"));
    }

    @Test
    void keyEndsAtItsTimeAndItsSuccessorLivesAsLong() {
        var created = own.create(
                "\"jobs:read\"", ", \"expiresAt\": \"" + Instant.now().plusSeconds(2) + "\"");
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
        var created = own.create("\"jobs:read\"", "");
        assertThat(created.path("key").has("lastUsedAt")).isFalse();

        operator.as(created.path("apiKey").asText()).get("/v1/jobs");

        patiently().until(() -> own.shown(created).has("lastUsedAt"));
        assertThat(Instant.parse(own.shown(created).path("lastUsedAt").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void keyCannotRevokeItself() {
        var refused = operator.post(KEYS + "/" + house.stack.apiKey().substring(0, 11) + "/revoke", "");

        assertThat(refused.status()).isEqualTo(409);
    }
}
