package dev.holdfast.tests;

import static dev.holdfast.tests.OwnTenant.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What answers and logs keep to themselves. */
class DiscretionIT {

    private final House house = Door.HOUSE;
    private final Api operator = house.api;
    private final OwnTenant own = new OwnTenant();

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
        var key = own.create("\"jobs:write\"", "").path("apiKey").asText();
        operator.as(key).post("/v1/jobs", """
                {"type": "registration", "payload": {"username": "%1$s", "email": "%1$s@example.org"}}""".formatted(own.tenant));
        operator.as(key).post("/v1/jobs", "{\"type\": \"registration\", \"payload\": {\"email\": \"x@example.org\"}}");
        operator.as(key + "x").get("/v1/jobs");

        for (var pod : List.of("ingest", "ingest-2")) {
            assertThat(Files.readString(house.stack.service(pod).log()))
                    .isNotEmpty()
                    .doesNotContain("@example.org")
                    .doesNotContainPattern("hf_[a-z0-9]{8}_[A-Za-z0-9]");
        }
    }
}
