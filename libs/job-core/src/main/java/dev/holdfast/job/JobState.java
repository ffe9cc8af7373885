package dev.holdfast.job;

/**
 * Where a job stands. {@code libs/job-core/README.md} draws the whole diagram.
 *
 * <p>{@code SCHEDULED → QUEUED → RUNNING → SUCCEEDED | FAILED | CANCELLED}, with {@code RETRYING} and {@code WAITING}
 * on the way.
 */
public enum JobState {
    /** Accepted, but its {@code notBefore} lies ahead. The first claim after that moment moves it on. */
    SCHEDULED,
    /** Stored and on its lane's queue; the next free slot claims it. Stays as long as the backlog is. */
    QUEUED,
    /** One run holds it under a lease. Ends with the run, or is claimed anew when the lease has run out. */
    RUNNING,
    /** The last attempt failed and attempts are left; claimed again when its back-off is over (at most 15 minutes). */
    RETRYING,
    /** Its children work; whoever finishes last sends its next phase. */
    WAITING,
    /** Done; {@code result} is set. Final. */
    SUCCEEDED,
    /** Given up; {@code error} says why. Final, unless an operator retries it. */
    FAILED,
    /** Stopped by its owner. Final. */
    CANCELLED;

    /** Whether nothing moves the job on any more, an operator's retry apart. */
    public boolean isFinal() {
        return switch (this) {
            case SUCCEEDED, FAILED, CANCELLED -> true;
            case SCHEDULED, QUEUED, RUNNING, RETRYING, WAITING -> false;
        };
    }
}
