package dev.holdfast.job;

import java.time.Duration;
import java.util.List;

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

    /**
     * The work goes on in other jobs. This one waits until each of them has ended, however they end, and is then run
     * again in phase {@code thenPhase} with all its attempts before it. The children belong to the same tenant and
     * share labels, deadline and number of attempts; nobody is mailed about them.
     *
     * @param children 1 to 10,000 payloads
     * @param thenPhase what {@link Job#phase} says in the next run; not empty
     */
    record FanOut(List<JobPayload> children, String thenPhase) implements Outcome {

        /** The most children of one job. */
        public static final int MAX_CHILDREN = 10_000;

        public FanOut {
            children = List.copyOf(children);
            if (children.isEmpty() || children.size() > MAX_CHILDREN) {
                throw new IllegalArgumentException("children must be 1 to 10,000, were " + children.size());
            }
            if (thenPhase.isEmpty()) throw new IllegalArgumentException("thenPhase must not be empty");
        }
    }
}
