package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;

/** A tenant of one test's own, behind the {@link Door}. */
final class OwnTenant {

    static final String KEYS = "/v1/admin/keys";

    final String tenant = "t-" + UUID.randomUUID();
    private final Api operator = Door.HOUSE.api;

    /** A new key of it, as it was answered; {@code scopes} in quotes, {@code more} fields after a comma. */
    JsonNode create(String scopes, String more) {
        var added = operator.post("/v1/admin/tenants", "{\"name\": \"%s\"}".formatted(tenant));
        assertThat(added.status()).isIn(201, 409);
        var answer = operator.post(
                KEYS, "{\"name\": \"test\", \"tenant\": \"%s\", \"scopes\": [%s]%s}".formatted(tenant, scopes, more));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }

    static String path(JsonNode created) {
        return KEYS + "/" + created.at("/key/id").asText();
    }

    /** The key as the list shows it. */
    JsonNode shown(JsonNode created) {
        for (var key : operator.get(KEYS + "?tenant=" + tenant).body().path("items")) {
            if (key.path("id").equals(created.at("/key/id"))) return key;
        }
        throw new AssertionError("not in the list: " + created.at("/key/id"));
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(100));
    }
}
