package dev.holdfast.ingest.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.ingest.http.Problem.FieldError;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.job.Json;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {

    private final RecordSchema<Plan> schema = new RecordSchema<>(Plan.class);

    record Plan(
            Optional<Instant> at,
            Optional<Duration> within,
            List<@NotNull Instant> times,
            Map<String, @NotNull Instant> named,
            @Valid Optional<Span> span) {}

    record Span(int from, int to) {
        Span {
            if (from > to) throw new IllegalArgumentException("from must not be after to");
            if (from == 7) throw new IllegalStateException("a defect of " + Span.class);
        }
    }

    @Test
    void validValueIsReadAsItsRecord() throws Exception {
        var plan = schema.read(Json.mapper().readTree("""
                {"at": "2026-12-01T02:00:00Z", "within": "PT5M", "span": {"from": 1, "to": 2}}"""));

        assertThat(plan.at()).contains(Instant.parse("2026-12-01T02:00:00Z"));
        assertThat(plan.within()).contains(Duration.ofMinutes(5));
        assertThat(plan.span()).contains(new Span(1, 2));
    }

    @Test
    void valueThatLooksLikeATimeAndIsNoneIsNamedByItsPlace() {
        assertThat(fault("{\"at\": \"2026-02-30T00:00:00Z\"}").pointer()).isEqualTo("/base/at");
        assertThat(fault("{\"within\": \"PT99999999999999999H\"}").pointer()).isEqualTo("/base/within");
        assertThat(fault("{\"times\": [\"2026-12-01T02:00:00Z\", \"2026-02-30T00:00:00Z\"]}")
                        .pointer())
                .isEqualTo("/base/times/1");
        assertThat(fault("{\"named\": {\"a/b~c\": \"2026-02-30T00:00:00Z\"}}").pointer())
                .isEqualTo("/base/named/a~1b~0c");
    }

    @Test
    void ruleThatARecordBreaksIsToldInItsOwnWords() {
        assertThat(fault("{\"span\": {\"from\": 2, \"to\": 1}}"))
                .isEqualTo(new FieldError("/base/span", "from must not be after to"));
    }

    @Test
    void surpriseOfARecordIsNotTold() {
        assertThat(fault("{\"span\": {\"from\": 7, \"to\": 8}}"))
                .isEqualTo(new FieldError("/base/span", "cannot be read as what the schema asks for"));
    }

    /** Of the whole way, and of the second half of it: a schema may be stricter than it is today. */
    private FieldError fault(String json) {
        try {
            var value = Json.mapper().readTree(json);
            var read = catchThrowableOfType(ProblemException.class, () -> schema.read(value, "/base"));
            var bound = catchThrowableOfType(ProblemException.class, () -> schema.bind(value, "/base"));
            assertThat(read.status()).isEqualTo(422);
            assertThat(read.errors()).hasSize(1);
            assertThat(bound.errors()).hasSize(1);
            assertThat(read.errors().getFirst().pointer())
                    .isEqualTo(bound.errors().getFirst().pointer());
            assertThat(read.getMessage() + bound.getMessage()).doesNotContain("java.", "jackson", "dev.holdfast");
            return bound.errors().getFirst();
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }
}
