package dev.holdfast.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a type's failed attempts are repeated: after waits that grow at random, so that no herd returns together.
 *
 * @param maxAttempts attempts of a job that names no number of its own, 1 to 100
 * @param base the shortest wait
 * @param cap the longest wait, at most 12 hours (the SQS limit on visibility)
 */
public record RetryPolicy(int maxAttempts, Duration base, Duration cap) {

    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts must be 1 to 100, was " + maxAttempts);
        }
        if (!base.isPositive() || base.compareTo(cap) > 0 || cap.compareTo(Duration.ofHours(12)) > 0) {
            throw new IllegalArgumentException("need 0 < base <= cap <= 12 hours, was " + base + " and " + cap);
        }
    }

    /**
     * The wait after a failed attempt: decorrelated jitter, at random between the base and three times the wait before
     * ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
     *
     * @param previous the wait before this attempt; zero before the first
     */
    public Duration delay(Duration previous, RandomGenerator random) {
        var longest = Math.max(base.toMillis(), previous.toMillis() * 3);
        var millis = random.nextLong(base.toMillis(), longest + 1);
        return Duration.ofMillis(Math.min(millis, cap.toMillis()));
    }
}
