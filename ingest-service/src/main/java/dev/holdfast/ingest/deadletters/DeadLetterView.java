package dev.holdfast.ingest.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.jobs.JobView;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import java.time.Instant;
import java.util.Optional;

/**
 * A dead letter in the HTTP API.
 *
 * @param truncated whether the body was too long to be kept whole; such a letter is not redriven
 * @param receives how often the message had been received
 * @param job the job that it names, as it stands
 * @param lastError why that job, or its last attempt, failed
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record DeadLetterView(
        String id,
        Origin lane,
        String body,
        boolean truncated,
        String reason,
        Instant setAsideAt,
        int receives,
        Optional<JobView> job,
        Optional<JobError> lastError) {

    static DeadLetterView of(DeadLetter letter, Optional<Job> job) {
        return new DeadLetterView(
                letter.id(),
                letter.origin(),
                letter.body(),
                letter.truncated(),
                letter.reason(),
                letter.setAsideAt(),
                letter.receives(),
                job.map(JobView::of),
                job.flatMap(Job::error));
    }
}
