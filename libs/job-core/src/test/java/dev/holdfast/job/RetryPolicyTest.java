package dev.holdfast.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private final Random random = new Random(1);
    private final RetryPolicy policy = new RetryPolicy(5, Duration.ofSeconds(2), Duration.ofMinutes(15));

    @Test
    void waitLiesBetweenTheBaseAndThreeTimesTheOneBefore() {
        assertWaits(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(2));
        assertWaits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(6));
        assertWaits(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    @Test
    void waitNeverExceedsTheCap() {
        assertWaits(Duration.ofMinutes(15), Duration.ofSeconds(2), Duration.ofMinutes(15));
        assertWaits(Duration.ofHours(12), Duration.ofSeconds(2), Duration.ofMinutes(15));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessageContaining("maxAttempts");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("base");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(2), Duration.ofHours(13)))
                .hasMessageContaining("12 hours");
    }

    private void assertWaits(Duration previous, Duration shortest, Duration longest) {
        for (var i = 0; i < 1_000; i++) {
            assertThat(policy.delay(previous, random)).isBetween(shortest, longest);
        }
    }
}
