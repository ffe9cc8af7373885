package dev.holdfast.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whatIsLeftTakesAsLongAsTheSameAmountTookSoFar() {
        var paced = new Progress(25, 100, "bytes", "storing").paced(BEGUN, BEGUN.plusSeconds(10));

        assertThat(paced.perSecond()).contains(2.5);
        assertThat(paced.estimatedEnd()).contains(BEGUN.plusSeconds(40));
    }

    @Test
    void withoutATotalThereIsNoEnd() {
        var paced = new Progress(25, 0, "bytes", "storing").paced(BEGUN, BEGUN.plusSeconds(10));

        assertThat(paced.perSecond()).contains(2.5);
        assertThat(paced.estimatedEnd()).isEmpty();
    }

    @Test
    void nothingDoneHasNoPace() {
        assertThat(new Progress(0, 100, "bytes", "storing").paced(BEGUN, BEGUN.plusSeconds(10)))
                .isEqualTo(new Progress(0, 100, "bytes", "storing"));
    }
}
