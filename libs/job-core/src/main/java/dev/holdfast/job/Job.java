package dev.holdfast.job;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A job as it is kept: what was asked, and how it stands.
 *
 * @param requestHash SHA-256 of the request's body, Base64: tells a replay from the misuse of an idempotency key
 * @param traceparent the trace that the job belongs to (W3C Trace Context)
 * @param fence how often the job was claimed; every write of a run carries the fence of its claim
 * @param claimToken names the last claim, so that a repeated call knows its own; empty before the first
 * @param attempt the current or last attempt, from 1; 0 before the first
 * @param crashes how often a run ended without a word (its lease ran out)
 * @param leaseUntil until when the current run may take its time
 */
public record Job(
        JobId id,
        String tenant,
        JobSpec spec,
        String requestHash,
        String traceparent,
        Instant createdAt,
        JobState state,
        long fence,
        String claimToken,
        int attempt,
        int crashes,
        Optional<Instant> notBefore,
        Optional<Instant> leaseUntil,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Instant updatedAt,
        Optional<Progress> progress,
        Optional<JobResult> result,
        Optional<JobError> error,
        List<HistoryEntry> history) {

    public Job {
        history = List.copyOf(history);
    }

    /** A job that has just been asked for. */
    public static Job accepted(
            JobId id, String tenant, JobSpec spec, String requestHash, String traceparent, Instant now) {
        var state = spec.notBefore().filter(now::isBefore).isPresent() ? JobState.SCHEDULED : JobState.QUEUED;
        return new Job(
                id,
                tenant,
                spec,
                requestHash,
                traceparent,
                now,
                state,
                0,
                "",
                0,
                0,
                spec.notBefore(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new HistoryEntry(now, state, "")));
    }

    /**
     * The addresses that are mailed about the state in which the job now is, each once; empty: nobody. A registration
     * always tells the user's own address how it ended.
     */
    public Set<String> audience() {
        var audience = new LinkedHashSet<>(spec.notification().recipients(state));
        if (state.isFinal() && spec.payload() instanceof JobPayload.Registration registration) {
            audience.add(registration.email());
        }
        return audience;
    }
}
