package dev.holdfast.job;

import java.time.Duration;
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
 * @param cancelRequested its owner wants it stopped; its run does so at its next heartbeat or effect
 * @param parent the job that fanned out to this one
 * @param phase which part of its work comes next; empty: the first. See {@link Outcome.FanOut}
 * @param children what it fanned out to last
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
        boolean cancelRequested,
        Optional<JobId> parent,
        String phase,
        Optional<Children> children,
        List<HistoryEntry> history) {

    /** The SQS limit on the delay of a message. */
    private static final Duration MAX_QUEUE_DELAY = Duration.ofMinutes(15);

    public Job {
        history = List.copyOf(history);
    }

    /** A job that has just been asked for. */
    public static Job accepted(
            JobId id, String tenant, JobSpec spec, String requestHash, String traceparent, Instant now) {
        return accepted(id, tenant, spec, requestHash, traceparent, now, Optional.empty());
    }

    /** The n-th of the jobs that this run fans out to. */
    public Job child(int index, JobPayload work, Instant now) {
        return accepted(JobId.child(id, fence, index), tenant, spec.child(work), "", traceparent, now, Optional.of(id));
    }

    private static Job accepted(
            JobId id,
            String tenant,
            JobSpec spec,
            String requestHash,
            String traceparent,
            Instant now,
            Optional<JobId> parent) {
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
                false,
                parent,
                "",
                Optional.empty(),
                List.of(new HistoryEntry(now, state, "")));
    }

    /**
     * The addresses and phone numbers that are told of the state in which the job now is, each once; empty: nobody. A
     * registration always tells the user's own address how it ended.
     */
    public Set<String> audience() {
        var audience = new LinkedHashSet<>(spec.notification().recipients(state));
        var ended = state == JobState.SUCCEEDED || state == JobState.FAILED;
        if (ended && parent.isEmpty() && spec.payload() instanceof JobPayload.Registration registration) {
            audience.add(registration.email());
        }
        return audience;
    }

    /** Whether those whom the tenant's settings name for alerts are to hear of it: it says that backups may be lost. */
    public boolean isAlarming() {
        return state == JobState.FAILED
                && (spec.payload() instanceof JobPayload.Check || spec.payload() instanceof JobPayload.Drill);
    }

    /** Whether a webhook of the tenant wants to hear of the state in which the job now is. */
    public boolean isHeard() {
        return spec.notification().webhooks().contains(state);
    }

    /**
     * Whether it starts later than a queue can hold its message back (15 minutes): until shortly before, it has none.
     */
    public boolean waitsInTable() {
        return state == JobState.SCHEDULED
                && notBefore.filter(createdAt.plus(MAX_QUEUE_DELAY)::isBefore).isPresent();
    }

    /** How long the job waited before its current attempt because the one before had failed; zero if none had. */
    public Duration lastBackoff() {
        return history.stream()
                .filter(entry -> entry.state() == JobState.RETRYING)
                .reduce((earlier, later) -> later)
                .flatMap(failed -> notBefore.map(due -> Duration.between(failed.at(), due)))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }
}
