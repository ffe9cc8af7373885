package dev.holdfast.tests;

import static dev.holdfast.tests.Letters.bodies;
import static dev.holdfast.tests.Letters.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.run.JobMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How dead letters are sent again: which, by whom, how fast. */
class RedriveIT {

    private static final String REDRIVE = "/v1/dead-letters/redrive";

    private final House house = House.shared();
    private final Api api = house.api;
    private final Letters dead = new Letters(house);

    @AfterEach
    void close() {
        dead.close();
    }

    @Test
    void messageIsDryRunThenRedrivenAndItsJobIsDoneOnRecord() {
        // given
        var job = dead.storedJob();
        dead.send("quick-dlq", JobMessage.body(job), "");
        var lost = dead.collected("quick", job.id().toString());
        assertThat(lost.path("reason").asText()).isEqualTo("received too often");
        assertThat(lost.path("job").path("state").asText()).isEqualTo("QUEUED");
        assertThat(lost.path("job").path("type").asText()).isEqualTo("registration");

        // when
        var dry = redrive("{\"lane\": \"quick\", \"filter\": {\"job\": \"%s\"}, \"dryRun\": true}".formatted(job.id()));
        var left = dead.letters(api, "quick", job.id().toString());
        var wet = redrive("{\"lane\": \"quick\", \"filter\": {\"job\": \"%s\"}}".formatted(job.id()));

        // then
        counted(dry, 1, 0, 1);
        assertThat(dry.path("dryRun").asBoolean()).isTrue();
        assertThat(left).containsExactly(lost);
        counted(wet, 1, 1, 0);
        assertThat(wet.path("dryRun").asBoolean()).isFalse();
        assertThat(api.await(job.id().toString()).path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(dead.letters(api, "quick", job.id().toString())).isEmpty();
        var records = dead.audit(job.id().toString());
        assertThat(records).hasSize(2);
        assertThat(records)
                .allSatisfy(entry -> assertThat(entry.text("who"))
                        .isEqualTo(house.stack.apiKey().substring(0, 11)));
        assertThat(records).extracting(entry -> entry.text("what")).containsOnly("dead-letters.redrive");
        assertThat(records)
                .extracting(entry -> entry.textMap("arguments").get("dryRun"))
                .containsExactly("true", "false");
        assertThat(records)
                .extracting(entry -> entry.textMap("outcome"))
                .containsExactly(Map.of("matched", "1", "redriven", "0"), Map.of("matched", "1", "redriven", "1"));
    }

    @Test
    void filterPicksByReasonTypeAndTime() {
        dead.send(
                "bulk-dlq",
                "{\"tenant\": \"local\", \"type\": \"backup\", \"mark\": \"%s\"}".formatted(dead.mark),
                dead.mark + " a");
        dead.send(
                "bulk-dlq",
                "{\"tenant\": \"local\", \"type\": \"restore\", \"mark\": \"%s\"}".formatted(dead.mark),
                dead.mark + " b");
        patiently().untilAsserted(() -> assertThat(dead.letters(api, "bulk")).hasSize(2));

        assertThat(matched("\"reason\": \"%s\"".formatted(dead.mark))).isEqualTo(2);
        assertThat(matched("\"reason\": \"%s a\"".formatted(dead.mark))).isEqualTo(1);
        assertThat(matched("\"reason\": \"%s\", \"type\": \"restore\"".formatted(dead.mark)))
                .isEqualTo(1);
        assertThat(matched("\"reason\": \"%s\", \"type\": \"registration\"".formatted(dead.mark)))
                .isZero();
        assertThat(matched("\"reason\": \"%s\", \"before\": \"2026-01-01T00:00:00Z\"".formatted(dead.mark)))
                .isZero();
        assertThat(matched("\"reason\": \"%s\", \"after\": \"2026-01-01T00:00:00Z\"".formatted(dead.mark)))
                .isEqualTo(2);
    }

    @Test
    void bodyThatIsTooLongIsShownCutAndNotSent() {
        dead.send("bulk-dlq", dead.mark + "x".repeat(150_000), dead.mark);

        var letter = dead.collected("bulk", dead.mark);

        assertThat(letter.path("truncated").asBoolean()).isTrue();
        assertThat(letter.path("body").asText()).hasSize(100_000);
        assertThat(matched("\"reason\": \"%s\"".formatted(dead.mark))).isZero();
    }

    @Test
    void rateIsKeptAndWhatTheTimeDoesNotSufficeForRemains() {
        // given
        for (var i = 0; i < 30; i++) dead.send("events-dlq", "slow " + i + " " + dead.mark, dead.mark);
        patiently().untilAsserted(() -> assertThat(dead.letters(api, "events")).hasSize(30));

        // when
        var begun = Instant.now();
        var slow = redrive(
                "{\"lane\": \"events\", \"filter\": {\"reason\": \"%s\"}, \"ratePerSecond\": 4}".formatted(dead.mark));
        var slowTook = Duration.between(begun, Instant.now());
        var rest = redrive("{\"lane\": \"events\", \"filter\": {\"reason\": \"%s\"}, \"ratePerSecond\": 500}"
                .formatted(dead.mark));

        // then
        assertThat(slowTook).isBetween(Duration.ofMillis(4_500), Duration.ofSeconds(9));
        var sent = slow.path("redriven").asInt();
        assertThat(sent).isBetween(17, 21);
        counted(slow, 30, sent, 30 - sent);
        counted(rest, 30 - sent, 30 - sent, 0);
        patiently() // the notifier cannot read them either
                .untilAsserted(() -> assertThat(dead.letters(api, "events"))
                        .hasSize(30)
                        .allSatisfy(letter ->
                                assertThat(letter.path("reason").asText()).isEqualTo("not a job event")));
    }

    @Test
    void anotherTenantSeesNeitherLetterNorJobAndSendsNone() {
        // given
        var other = api.as(house.key("acme-" + dead.mark, "admin"));
        var job = dead.storedJob();
        dead.send("events-dlq", "{\"v\": 1, \"job\": \"%s\", \"state\": \"FAILED\"}".formatted(job.id()), dead.mark);
        dead.send(
                "events-dlq",
                "{\"tenant\": \"acme-%1$s\", \"job\": \"%2$s\"}".formatted(dead.mark, job.id()),
                dead.mark);
        dead.send("events-dlq", "nobody's " + dead.mark, dead.mark);
        patiently()
                .untilAsserted(() -> assertThat(bodies(dead.letters(api, "events", dead.mark)))
                        .as("its own, and nobody's")
                        .hasSize(1));
        patiently()
                .untilAsserted(
                        () -> assertThat(dead.letters(api, "events", job.id().toString()))
                                .hasSize(1));
        patiently()
                .untilAsserted(() -> assertThat(dead.letters(other, "events", dead.mark))
                        .as("its own; nobody's are the operator's")
                        .hasSize(1));

        // then
        assertThat(bodies(dead.letters(api, "events", dead.mark))).containsExactly("nobody's " + dead.mark);
        assertThat(dead.letters(other, "events", job.id().toString()))
                .as("its own letter, without the other's job")
                .hasSize(1)
                .allSatisfy(letter -> assertThat(letter.has("job")).isFalse());
        var dryRun = "{\"lane\": \"events\", \"filter\": {\"job\": \"%s\"}, \"dryRun\": true}".formatted(job.id());
        counted(other.post(REDRIVE, dryRun).body(), 1, 0, 1);
        counted(api.post(REDRIVE, dryRun).body(), 1, 0, 1);
    }

    @Test
    void onlyAnAdminMayLookAndSend() {
        var writer = api.as(house.key("local", "jobs:write"));

        assertThat(writer.post(REDRIVE, "{\"lane\": \"quick\"}").status()).isEqualTo(403);
        assertThat(writer.get("/v1/dead-letters?lane=quick").status()).isEqualTo(403);
        assertThat(api.as("hf_nobody").post(REDRIVE, "{\"lane\": \"quick\"}").status())
                .isEqualTo(401);
    }

    @Test
    void everyFaultNamesItsField() {
        invalid("{}", "/lane");
        invalid("{\"lane\": \"slow\"}", "/lane");
        invalid("{\"lane\": \"quick\", \"ratePerSecond\": 0}", "/ratePerSecond");
        invalid("{\"lane\": \"quick\", \"ratePerSecond\": 501}", "/ratePerSecond");
        invalid("{\"lane\": \"quick\", \"dryRun\": \"yes\"}", "/dryRun");
        invalid("{\"lane\": \"quick\", \"rate\": 5}", "/rate");
        invalid("{\"lane\": \"quick\", \"filter\": {\"tenant\": \"x\"}}", "/filter/tenant");
        invalid("{\"lane\": \"quick\", \"filter\": {\"job\": \"x\"}}", "/filter/job");
        invalid("{\"lane\": \"quick\", \"filter\": {\"before\": \"soon\"}}", "/filter/before");
        assertThat(api.post(REDRIVE, "{").status()).isEqualTo(400);
        for (var query :
                List.of("", "?lane=slow", "?lane=quick&limit=0", "?lane=quick&limit=101", "?lane=quick&cursor=x")) {
            var answer = api.get("/v1/dead-letters" + query);
            assertThat(answer.status()).as(query).isEqualTo(422);
            assertThat(answer.body().path("type").asText()).isEqualTo("/problems/invalid-parameter");
        }
    }

    private void invalid(String json, String pointer) {
        var answer = api.post(REDRIVE, json);
        assertThat(answer.status()).as(json).isEqualTo(422);
        assertThat(answer.pointers()).as(json).containsExactly(pointer);
    }

    private JsonNode redrive(String json) {
        var answer = api.post(REDRIVE, json);
        assertThat(answer.status()).as(() -> answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private int matched(String filter) {
        return redrive("{\"lane\": \"bulk\", \"filter\": {%s}, \"dryRun\": true}".formatted(filter))
                .path("matched")
                .asInt();
    }

    private static void counted(JsonNode answer, int matched, int redriven, int remaining) {
        assertThat(answer.path("matched").asInt(-1)).as(answer.toString()).isEqualTo(matched);
        assertThat(answer.path("redriven").asInt(-1)).as(answer.toString()).isEqualTo(redriven);
        assertThat(answer.path("remaining").asInt(-1)).as(answer.toString()).isEqualTo(remaining);
    }
}
