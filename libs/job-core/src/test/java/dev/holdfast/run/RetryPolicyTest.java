package dev.holdfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private final Random random = new Random(1);

    @Test
    void waitDoublesWithEachAttemptUpToTheCap() {
        assertWaits(1, Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertWaits(2, Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertWaits(9, Duration.ofSeconds(256), Duration.ofSeconds(512));
        assertWaits(10, Duration.ofSeconds(450), Duration.ofSeconds(900));
        assertWaits(100, Duration.ofSeconds(450), Duration.ofSeconds(900));
    }

    private void assertWaits(int attempt, Duration shortest, Duration longest) {
        for (var i = 0; i < 1_000; i++) {
            assertThat(RetryPolicy.delay(attempt, random)).isBetween(shortest, longest);
        }
    }
}
