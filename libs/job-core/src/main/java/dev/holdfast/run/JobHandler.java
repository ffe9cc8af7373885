package dev.holdfast.run;

import dev.holdfast.job.Outcome;

/** The work itself. A run may be repeated after any step, so every effect must be safe to meet its own traces. */
@FunctionalInterface
public interface JobHandler {

    /** Does the work of {@code run.job()}. Any exception means: try again, if attempts are left. */
    Outcome handle(Run run) throws Exception;
}
