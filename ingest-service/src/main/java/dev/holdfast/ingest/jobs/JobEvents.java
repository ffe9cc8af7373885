package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of a job as Server-Sent Events (HTML Living Standard, section 9.2).
 *
 * <p>The sequence of a state is the time of its step, or one more than that of the step before where clocks disagree.
 * So every process counts alike without keeping anything, and a client may go on with any of them.
 */
final class JobEvents {

    private JobEvents() {}

    /**
     * One step of the job.
     *
     * @param sequence rises from step to step
     */
    record Step(long sequence, StateEvent event) {}

    /** The data of an event {@code state}; the last one brings the result, or the error. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record StateEvent(Instant at, JobState state, String note, Optional<JobResult> result, Optional<JobError> error) {}

    /** The steps after the one with the sequence given; 0: all. */
    static List<Step> after(long last, Job job) {
        var steps = new ArrayList<Step>();
        var sequence = 0L;
        for (var entry : job.history()) {
            sequence = Math.max(sequence + 1, entry.at().toEpochMilli());
            if (sequence > last) steps.add(new Step(sequence, event(entry, job)));
        }
        return steps;
    }

    private static StateEvent event(HistoryEntry entry, Job job) {
        var isEnd = job.state().isFinal() && entry.equals(job.history().getLast());
        return new StateEvent(
                entry.at(),
                entry.state(),
                entry.note(),
                isEnd ? job.result() : Optional.empty(),
                isEnd ? job.error() : Optional.empty());
    }

    /** An event {@code state} as text. */
    static String text(Step step) {
        return "id: " + step.sequence() + "\nevent: state\ndata: " + Json.write(step.event()) + "\n\n";
    }

    /** An event {@code progress} as text, or nothing while there is none. It has no id: what comes next replaces it. */
    static String progress(Job job) {
        return JobView.progress(job)
                .filter(any -> job.state() == JobState.RUNNING || job.state() == JobState.WAITING)
                .map(progress -> "event: progress\ndata: " + Json.write(progress) + "\n\n")
                .orElse("");
    }
}
