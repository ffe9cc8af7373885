package dev.holdfast.ingest.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void slowPaceSendsOneByOneAndFastOnesShareRequestsOfTen() {
        assertThat(new Pace(1).batch()).isEqualTo(1);
        assertThat(new Pace(19).batch()).isEqualTo(1);
        assertThat(new Pace(20).batch()).isEqualTo(2);
        assertThat(new Pace(100).batch()).isEqualTo(10);
        assertThat(new Pace(500).batch()).isEqualTo(10);
    }

    @Test
    void firstBatchGoesAtOnce() {
        assertThat(new Pace(1).pause(0, Duration.ZERO)).isZero();
    }

    @Test
    void pauseMakesUpForWhatWentTooFast() {
        assertThat(new Pace(10).pause(5, Duration.ofMillis(200))).isEqualTo(Duration.ofMillis(300));
        assertThat(new Pace(500).pause(10, Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(15));
    }

    @Test
    void slowSendingIsNotPausedAtAll() {
        assertThat(new Pace(10).pause(5, Duration.ofMillis(500))).isZero();
        assertThat(new Pace(10).pause(5, Duration.ofSeconds(3))).isZero();
    }
}
