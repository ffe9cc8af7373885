package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.ReadData;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobLogTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    void everyLineSaysWhenWhatAndOfWhom() {
        var log = new JobLog(job(), () -> NOW);

        log.warn("left out", Map.of("path", "a\nb \"c\""));

        assertThat(lines(log)).hasSize(2);
        assertThat(lines(log).getLast())
                .isEqualTo("{\"time\":\"2026-11-27T12:00:00.000Z\",\"level\":\"warn\",\"event\":\"left out\","
                        + "\"job\":\"0190a8a4-0000-7000-8000-000000000000\",\"attempt\":0,"
                        + "\"path\":\"a\\nb \\\"c\\\"\"}");
    }

    @Test
    void linesBeyondTheBoundAreCountedAndTheEndIsTold() {
        var log = new JobLog(job(), () -> NOW);
        var text = "x".repeat(JobLog.MOST_BYTES / 4);

        for (var line = 0; line < 5; line++) log.info("long", Map.of("text", text));
        log.ended(new Outcome.Rejected("too-bad", "It is."));

        assertThat(log.toByteArray().length).isLessThan(JobLog.MOST_BYTES + 1_000);
        assertThat(lines(log)).hasSize(1 + 3 + 2);
        assertThat(lines(log).get(4)).contains("\"event\":\"lines left out\"", "\"lines\":2}");
        assertThat(lines(log).getLast()).contains("\"level\":\"error\"", "\"code\":\"too-bad\"");
    }

    private static List<String> lines(JobLog log) {
        return new String(log.toByteArray(), StandardCharsets.UTF_8).lines().toList();
    }

    private static Job job() {
        var payload = new JobPayload.Check("default", ReadData.NONE);
        var spec = new JobSpec(payload, Notify.byDefault(Set.of()), Optional.empty(), Optional.empty(), 5, Map.of());
        return Job.accepted(JobId.of("0190a8a4-0000-7000-8000-000000000000"), "local", spec, "", "", NOW);
    }
}
