package dev.holdfast.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    @Test
    void fieldsAreWrittenAsTheDraftSays() {
        var requests = new RateLimit(
                "requests", 500, Optional.of(Duration.ofSeconds(5)), Optional.empty(), 0, Duration.ofMillis(1_001));
        var jobs = new RateLimit("open-jobs", 7, Optional.empty(), Optional.of("jobs"), -3, Duration.ZERO);

        assertThat(requests.policy()).isEqualTo("\"requests\";q=500;w=5");
        assertThat(requests.state()).isEqualTo("\"requests\";r=0;t=2");
        assertThat(jobs.policy()).isEqualTo("\"open-jobs\";q=7;qu=\"jobs\"");
        assertThat(jobs.state())
                .as("at least a second, and no less than nothing")
                .isEqualTo("\"open-jobs\";r=0;t=1");
        assertThat(requests.retrySeconds()).isEqualTo(2);
    }
}
