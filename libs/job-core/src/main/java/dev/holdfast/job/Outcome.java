package dev.holdfast.job;

import java.time.Duration;

/** The planned ends of a run. Whatever else happens is an exception, and retried by the type's policy. */
public sealed interface Outcome {

    /** The work is done. */
    record Succeeded(JobResult result) implements Outcome {}

    /** The work can never be done as asked: the job fails at once, whatever attempts are left. */
    record Rejected(String code, String message) implements Outcome {}

    /** Not now: try again after {@code delay} (at most 12 hours), without having spent an attempt. */
    record Postponed(Duration delay, String reason) implements Outcome {
        public Postponed {
            if (delay.isNegative() || delay.compareTo(Duration.ofHours(12)) > 0) {
                throw new IllegalArgumentException("delay must be 0 to 12 hours, was " + delay);
            }
        }
    }
}
