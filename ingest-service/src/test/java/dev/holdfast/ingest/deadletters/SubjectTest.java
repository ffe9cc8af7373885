package dev.holdfast.ingest.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubjectTest {

    private static final String ID = "dad1e6d7-edf2-8e3d-b150-1c36158a4106";

    @Test
    void jobMessageNamesTenantJobAndType() {
        var subject = Subject.in("""
                {"v": 1, "job": "%s", "tenant": "acme", "type": "registration", "version": 1}""".formatted(ID));

        assertThat(subject).isEqualTo(new Subject(Optional.of("acme"), JobId.parse(ID), Optional.of("registration")));
    }

    @Test
    void eventNamesItsJobOnly() {
        assertThat(Subject.in("""
                {"v": 1, "job": "%s", "state": "FAILED", "fence": 2}""".formatted(ID)))
                .isEqualTo(new Subject(Optional.empty(), JobId.parse(ID), Optional.empty()));
    }

    @Test
    void messageOfAnUnknownVersionIsRecognisedByWhatItNames() {
        assertThat(Subject.in("{\"v\": 99, \"tenant\": \"acme\", \"more\": []}").tenant())
                .contains("acme");
    }

    @Test
    void garbageNamesNothing() {
        for (var body :
                new String[] {"", " ", "no json", "{", "[]", "7", "{\"tenant\": 7, \"job\": \"x\", \"type\": \"\"}"}) {
            assertThat(Subject.in(body))
                    .as(body)
                    .isEqualTo(new Subject(Optional.empty(), Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void nameThatNoQueueTakesAsAGroupIsNoTenant() {
        assertThat(Subject.in("{\"tenant\": \"two words\"}").tenant()).isEmpty();
        assertThat(Subject.in("{\"tenant\": \"%s\"}".formatted("x".repeat(128))).tenant())
                .isPresent();
        assertThat(Subject.in("{\"tenant\": \"%s\"}".formatted("x".repeat(129))).tenant())
                .isEmpty();
    }
}
