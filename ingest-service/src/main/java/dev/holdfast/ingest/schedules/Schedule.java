package dev.holdfast.ingest.schedules;

import dev.holdfast.job.JobId;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as it is kept.
 *
 * @param requestHash SHA-256 of the body that asked for it, as of a job's
 * @param revision how often it was written; whoever writes it has seen the one before
 * @param begunAt since when its plan holds: ticks before are none of its
 * @param nextFireAt the earliest tick that has not fired; empty while it is paused
 * @param lastFireAt the last tick that fired, or the last time that it was run by hand
 * @param lastJob the job of that
 * @param expectedBy when the next job has to have succeeded; empty while it is paused, or if nothing is expected
 * @param overdue whether one has not
 */
record Schedule(
        String id,
        String tenant,
        ScheduleSpec spec,
        String requestHash,
        long revision,
        Instant createdAt,
        Instant updatedAt,
        Instant begunAt,
        Optional<Instant> nextFireAt,
        Optional<Instant> lastFireAt,
        Optional<JobId> lastJob,
        Optional<Instant> expectedBy,
        boolean overdue) {

    /** A new one. Its id belongs to its name: that two schedules of a tenant have one name cannot be. */
    static Schedule create(String tenant, ScheduleSpec spec, String requestHash, Instant now) {
        var id = JobId.derived(tenant, "schedule/" + spec.name()).toString(); // made as the ids of jobs are
        return new Schedule(
                        id,
                        tenant,
                        spec,
                        requestHash,
                        0,
                        now,
                        now,
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false)
                .next(Optional.of(spec.timing().plan(now).next(now)));
    }

    Plan plan() {
        return spec.timing().plan(begunAt);
    }

    boolean isPaused() {
        return nextFireAt.isEmpty();
    }

    /** The job of a tick, whether it was asked for or not. A schedule that is made anew under its name has others. */
    JobId jobOf(Instant tick) {
        return JobId.scheduled(id + "/" + createdAt.toEpochMilli(), tick);
    }

    /** The same with another task. Its plan begins anew only if that has changed. */
    Schedule replaced(ScheduleSpec other, String otherHash, Instant now) {
        if (other.timing().equals(spec.timing())) {
            return changed(other, otherHash, begunAt, now).next(nextFireAt);
        }
        var anew = changed(other, otherHash, now, now);
        return isPaused() ? anew : anew.next(Optional.of(anew.plan().next(now)));
    }

    Schedule paused(Instant now) {
        return changed(spec, requestHash, begunAt, now).next(Optional.empty());
    }

    Schedule resumed(Instant now) {
        var anew = changed(spec, requestHash, now, now);
        return anew.next(Optional.of(anew.plan().next(now)));
    }

    private Schedule changed(ScheduleSpec other, String otherHash, Instant begun, Instant now) {
        return new Schedule(
                id,
                tenant,
                other,
                otherHash,
                revision + 1,
                createdAt,
                now,
                begun,
                nextFireAt,
                lastFireAt,
                lastJob,
                expectedBy,
                false);
    }

    private Schedule next(Optional<Instant> tick) {
        var by = tick.flatMap(at -> spec.expectWithin().map(at::plus));
        return new Schedule(
                id,
                tenant,
                spec,
                requestHash,
                revision,
                createdAt,
                updatedAt,
                begunAt,
                tick,
                lastFireAt,
                lastJob,
                by,
                false);
    }

    /** The same after a tick. */
    Schedule fired(Instant tick, JobId job, Instant next) {
        return moved(next, Optional.of(tick), Optional.of(job));
    }

    /** The same after a tick that was left out. */
    Schedule skipped(Instant next) {
        return moved(next, lastFireAt, lastJob);
    }

    private Schedule moved(Instant next, Optional<Instant> fired, Optional<JobId> job) {
        return new Schedule(
                id,
                tenant,
                spec,
                requestHash,
                revision + 1,
                createdAt,
                updatedAt,
                begunAt,
                Optional.of(next),
                fired,
                job,
                expectedBy,
                overdue);
    }
}
