package dev.holdfast.ingest.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedriveRequestTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String JOB = "dad1e6d7-edf2-8e3d-b150-1c36158a4106";

    @Test
    void whatIsLeftOutHasItsDefault() {
        var request = request("{\"lane\": \"events\"}");

        assertThat(request.lane()).isEqualTo(Origin.EVENTS);
        assertThat(request.rate()).isEqualTo(10);
        assertThat(request.isDryRun()).isFalse();
        assertThat(request.picked().picks(letter("x"))).isTrue();
    }

    @Test
    void reasonIsMatchedByItsBeginning() {
        assertThat(picks("\"reason\": \"the stored job\"")).isTrue();
        assertThat(picks("\"reason\": \"stored job\"")).isFalse();
    }

    @Test
    void typeAndJobAreMatchedWhole() {
        assertThat(picks("\"type\": \"backup\"")).isTrue();
        assertThat(picks("\"type\": \"back\"")).isFalse();
        assertThat(picks("\"job\": \"" + JOB.toUpperCase(java.util.Locale.ROOT) + "\""))
                .isTrue();
        assertThat(picks("\"job\": \"" + JOB.replace('d', 'e') + "\"")).isFalse();
    }

    @Test
    void beforeExcludesItsMomentAndAfterIncludesIt() {
        assertThat(picks("\"before\": \"2026-11-20T12:00:00Z\"")).isFalse();
        assertThat(picks("\"before\": \"2026-11-20T12:00:00.001Z\"")).isTrue();
        assertThat(picks("\"after\": \"2026-11-20T12:00:00Z\"")).isTrue();
        assertThat(picks("\"after\": \"2026-11-20T12:00:00.001Z\"")).isFalse();
    }

    @Test
    void allThatIsAskedForMustHold() {
        assertThat(picks("\"type\": \"backup\", \"reason\": \"other\"")).isFalse();
    }

    @Test
    void letterWhoseBodyWasCutIsNeverPicked() {
        var whole = letter("x".repeat(DeadLetter.MAX_BODY_CHARS));
        var cut = letter("x".repeat(DeadLetter.MAX_BODY_CHARS + 1));

        assertThat(whole.truncated()).isFalse();
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.body()).hasSize(DeadLetter.MAX_BODY_CHARS);
        assertThat(request("{\"lane\": \"bulk\"}").picked().picks(whole)).isTrue();
        assertThat(request("{\"lane\": \"bulk\"}").picked().picks(cut)).isFalse();
    }

    @Test
    void argumentsOnRecordAreThoseThatApply() {
        assertThat(request("{\"lane\": \"bulk\", \"filter\": {\"type\": \"backup\"}, \"dryRun\": true}")
                        .arguments())
                .containsOnly(
                        java.util.Map.entry("lane", "bulk"),
                        java.util.Map.entry("type", "backup"),
                        java.util.Map.entry("ratePerSecond", "10"),
                        java.util.Map.entry("dryRun", "true"));
    }

    private static boolean picks(String filter) {
        return request("{\"lane\": \"bulk\", \"filter\": {%s}}".formatted(filter))
                .picked()
                .picks(letter("x"));
    }

    private static RedriveRequest request(String json) {
        var body = Json.read(json, com.fasterxml.jackson.databind.JsonNode.class);
        assertThat(new RecordSchema<>(RedriveRequest.class).faults(body, "")).isEmpty();
        return Json.read(json, RedriveRequest.class);
    }

    private static DeadLetter letter(String body) {
        return new DeadLetter(
                Origin.BULK,
                "m-1",
                NOON,
                body,
                false,
                "the stored job cannot be read",
                Optional.empty(),
                new Subject(Optional.of("acme"), JobId.parse(JOB), Optional.of("backup")),
                NOON,
                3);
    }
}
