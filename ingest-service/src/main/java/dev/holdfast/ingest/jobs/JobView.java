package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
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
public record JobView(
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
        Optional<String> parent,
        Optional<ChildrenView> children,
        Map<String, String> labels,
        List<HistoryEntry> history,
        Map<String, String> links) {

    /** How many jobs it has fanned out to, how many of them have ended, and how many of these otherwise than well. */
    record ChildrenView(int total, int done, int failed) {}

    public static JobView of(Job job) {
        var due = job.spec().notBefore().filter(job.createdAt()::isBefore).orElse(job.createdAt());
        return new JobView(
                job.id().toString(),
                job.tenant(),
                job.spec().type().wireName(),
                job.spec().type().version(),
                job.state(),
                job.attempt(),
                job.spec().maxAttempts(),
                progress(job),
                job.createdAt(),
                job.spec().notBefore(),
                job.startedAt(),
                job.finishedAt(),
                job.updatedAt(),
                job.startedAt().map(started -> seconds(due, started)),
                job.startedAt().flatMap(started -> job.finishedAt().map(finished -> seconds(started, finished))),
                job.result(),
                job.error(),
                job.parent().map(JobId::toString),
                job.children().map(children -> new ChildrenView(children.total(), children.done(), children.failed())),
                job.spec().labels(),
                job.history(),
                links(job));
    }

    /** How far it has come; one that waits for others is as far as they are. */
    static Optional<Progress> progress(Job job) {
        if (job.state() != JobState.WAITING) return job.progress();
        return job.children().map(children -> {
            var parts = new Progress(children.done(), children.total(), "parts", "waits for its parts");
            return children.lastEnd()
                    .map(end -> parts.paced(job.updatedAt(), end))
                    .orElse(parts);
        });
    }

    private static Map<String, String> links(Job job) {
        var links = new LinkedHashMap<String, String>();
        links.put("self", path(job));
        links.put("events", path(job) + "/events");
        links.put("cancel", path(job) + "/cancel");
        links.put("retry", path(job) + "/retry");
        if (LogPlace.of(job).isPresent()) links.put("log", path(job) + "/log");
        return links;
    }

    /** Where the job is shown. */
    public static String path(Job job) {
        return "/v1/jobs/" + job.id();
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis()) / 1000.0;
    }
}
