package dev.holdfast.table;

import dev.holdfast.job.Job;
import java.time.Instant;

/** What came of claiming a job for a run. */
public sealed interface Claim {

    /** The job is this run's, under the fence that it now carries. */
    record Won(Job job) implements Claim {}

    /** The job has ended: the message is a duplicate. */
    record Ended(Job job) implements Claim {}

    /** Another run holds the job, or it may not start yet; try again at {@code at}. */
    record NotBefore(Instant at) implements Claim {}

    /** The job waits for its children. */
    record Waiting(Job job) implements Claim {}

    /** There is no such job. */
    record Unknown() implements Claim {}
}
