package dev.holdfast.job;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for: the part of a job that never changes.
 *
 * @param notBefore the job starts no earlier
 * @param deadline a run that has not begun by then does not begin any more
 * @param maxAttempts how often the job may be tried, 1 to 100
 * @param labels the caller's own marks, for finding jobs again
 */
public record JobSpec(
        JobPayload payload,
        Notify notification,
        Optional<Instant> notBefore,
        Optional<Instant> deadline,
        int maxAttempts,
        Map<String, String> labels) {

    /** Attempts of a job that names no number. */
    public static final int DEFAULT_MAX_ATTEMPTS = 5;

    public JobSpec {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts must be 1 to 100, was " + maxAttempts);
        }
        labels = Map.copyOf(labels);
    }

    public JobType type() {
        return payload.type();
    }
}
