package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job in the HTTP API. What a job does not have yet is left out.
 *
 * @param queueSeconds from acceptance, or from {@code notBefore}, to the first start
 * @param runSeconds from the first start to the end
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record JobView(
        String id,
        String tenant,
        String type,
        int version,
        JobState state,
        int attempt,
        int maxAttempts,
        Optional<Progress> progress,
        Instant createdAt,
        Optional<Instant> notBefore,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Instant updatedAt,
        Optional<Double> queueSeconds,
        Optional<Double> runSeconds,
        Optional<JobResult> result,
        Optional<JobError> error,
        Map<String, String> labels,
        List<HistoryEntry> history,
        Map<String, String> links) {

    static JobView of(Job job) {
        var due = job.spec().notBefore().filter(job.createdAt()::isBefore).orElse(job.createdAt());
        return new JobView(
                job.id().toString(),
                job.tenant(),
                job.spec().type().wireName(),
                job.spec().type().version(),
                job.state(),
                job.attempt(),
                job.spec().maxAttempts(),
                job.progress(),
                job.createdAt(),
                job.spec().notBefore(),
                job.startedAt(),
                job.finishedAt(),
                job.updatedAt(),
                job.startedAt().map(started -> seconds(due, started)),
                job.startedAt().flatMap(started -> job.finishedAt().map(finished -> seconds(started, finished))),
                job.result(),
                job.error(),
                job.spec().labels(),
                job.history(),
                Map.of("self", path(job)));
    }

    static String path(Job job) {
        return "/v1/jobs/" + job.id();
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis()) / 1000.0;
    }
}
