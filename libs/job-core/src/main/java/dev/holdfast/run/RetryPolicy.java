package dev.holdfast.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a failed attempt waits: doubling from a base to a cap, with full jitter so that no herd returns together.
 */
final class RetryPolicy {

    static final Duration BASE = Duration.ofSeconds(2);
    static final Duration CAP = Duration.ofMinutes(15);

    private RetryPolicy() {}

    /** The wait after the given attempt (from 1): between half and all of {@code BASE × 2^(attempt−1)}, at most CAP. */
    static Duration delay(int attempt, RandomGenerator random) {
        var doubled = BASE.multipliedBy(1L << Math.min(attempt - 1, 20));
        var millis = doubled.compareTo(CAP) < 0 ? doubled.toMillis() : CAP.toMillis();
        return Duration.ofMillis(random.nextLong(millis / 2, millis + 1));
    }
}
