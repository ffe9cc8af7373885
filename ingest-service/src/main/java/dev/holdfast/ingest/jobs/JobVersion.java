package dev.holdfast.ingest.jobs;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobState;
import java.time.Instant;

/** Tells two readings of a job apart: every write of a job sets a fence, a state or a time anew. */
record JobVersion(long fence, JobState state, Instant updatedAt) {

    static JobVersion of(Job job) {
        return new JobVersion(job.fence(), job.state(), job.updatedAt());
    }

    /** A strong validator (RFC 9110, section 8.8.3). */
    String etag() {
        return "\"" + fence + "-" + state + "-" + updatedAt.toEpochMilli() + "\"";
    }
}
