package dev.holdfast.table;

import dev.holdfast.job.Job;

/** What came of putting a job that was asked for. */
public sealed interface Submission {

    /** The job is new, and stored. */
    record Accepted(Job job) implements Submission {}

    /** The same request came before: this is its job, as it stands now. */
    record Replayed(Job job) implements Submission {}

    /** The idempotency key belongs to another request; its job was not touched. */
    record KeyReused() implements Submission {}
}
