package dev.holdfast.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Notify;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class JobItemTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.123Z");
    private static final String HASH = "h".repeat(43);
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Job job = Job.accepted(
            JobId.derived("acme", "order-1"),
            "acme",
            new JobSpec(
                    new JobPayload.Registration("ada", "ada@example.org", Map.of("plan", "pro")),
                    new Notify(List.of("ops@example.org"), Set.of(JobState.FAILED)),
                    Optional.empty(),
                    Optional.of(NOW.plusSeconds(3600)),
                    5,
                    Map.of("team", "core")),
            HASH,
            TRACE,
            NOW);

    @Test
    void jobIsReadAsItWasWritten() {
        assertThat(JobItem.job(JobItem.of(job))).isEqualTo(job);
    }

    @Test
    void smallJobCostsOneWriteUnitUntilItsEnd() {
        var item = JobItem.of(job)
                .with("result", "{\"userId\":\"0190a8a4-0000-7000-8000-000000000000\"}")
                .with("startedAt", NOW)
                .with("finishedAt", NOW)
                .with("leaseUntil", NOW)
                .with("token", "t".repeat(16))
                .with("ttl", NOW)
                .with("history", List.of("x".repeat(34), "x".repeat(35), "x".repeat(37)));

        // DynamoDB rounds a write up to the next 1,024 bytes of names and values
        assertThat(size(item.attributes())).isLessThanOrEqualTo(1_024);
    }

    @Test
    void timesOfHistoryAreReadAsTheyWereWritten() {
        for (var time : List.of(
                "1999-12-31T23:59:59.999Z",
                "2028-02-29T00:00:00.001Z",
                "2026-11-20T12:00:00Z",
                "2026-11-20T12:00:00.123456Z")) {
            assertThat(JobItem.instant(time)).isEqualTo(Instant.parse(time));
        }
    }

    private static int size(Map<String, AttributeValue> attributes) {
        return attributes.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + size(entry.getValue()))
                .sum();
    }

    /** By the rules of the DynamoDB developer guide, "item sizes and formats". */
    private static int size(AttributeValue value) {
        if (value.s() != null) return value.s().length();
        if (value.n() != null) return (value.n().length() + 1) / 2 + 1;
        if (value.hasL())
            return 3 + value.l().stream().mapToInt(v -> 1 + size(v)).sum();
        return 3 + value.m().size() + size(value.m());
    }
}
