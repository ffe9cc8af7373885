package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.ingest.access.Tenant;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.ingest.http.Trace;
import dev.holdfast.ingest.jobs.IdempotencyKey;
import dev.holdfast.ingest.jobs.SubmitReader;
import dev.holdfast.ingest.jobs.Submitter;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Json;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.table.JobTable;
import dev.holdfast.trace.Tracing;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Asks for the jobs of schedules.
 *
 * <p>A tick's job is asked for first, under an id that follows from schedule and tick; then the schedule is moved on to
 * its next tick, if nobody else has done so. Whoever dies between the two leaves a schedule that is still due: the next
 * one asks for the same job, and finds it there. So no order of deaths loses a tick or doubles one. The ticks of a
 * tenant that is suspended are left out.
 */
@Singleton
final class Firing {

    private static final Logger LOG = Logger.getLogger(Firing.class);

    /** Ticks of one schedule that are caught up with before it is the others' turn. */
    private static final int BATCH = 10;

    private final ScheduleTable table;
    private final SubmitReader reader;
    private final Submitter submitter;
    private final JobTable jobs;
    private final TenantTable tenants;
    private final Metrics metrics;
    private final Tracing tracing;
    private final InstantSource clock;

    Firing(
            ScheduleTable table,
            SubmitReader reader,
            Submitter submitter,
            JobTable jobs,
            TenantTable tenants,
            Metrics metrics,
            Tracing tracing,
            InstantSource clock) {
        this.table = table;
        this.reader = reader;
        this.submitter = submitter;
        this.jobs = jobs;
        this.tenants = tenants;
        this.metrics = metrics;
        this.tracing = tracing;
        this.clock = clock;
    }

    /** Fires what is due of the schedule, and returns whether it has moved on. */
    boolean fire(Schedule schedule) throws InterruptedException {
        var now = clock.instant();
        var due = schedule.nextFireAt().filter(tick -> !tick.isAfter(now));
        if (due.isEmpty()) return false;
        var plan = schedule.plan();
        if (isSuspended(schedule.tenant())) return table.move(schedule, schedule.skipped(plan.next(now)));
        var ticks = schedule.spec().catchUp().ticks(plan, due.get(), now, BATCH);
        if (ticks.isEmpty()) {
            LOG.warnf("missed ticks left out scheduleId=%s from=%s", schedule.id(), due.get());
            return table.move(schedule, schedule.skipped(plan.next(now)));
        }
        var at = schedule;
        for (var tick : ticks) {
            var after = isOverlapping(at)
                    ? at.skipped(plan.next(tick))
                    : at.fired(tick, submit(at, tick).id(), plan.next(tick));
            if (!table.move(at, after)) return true; // another process is at it, or its owner
            at = after;
        }
        return true;
    }

    private boolean isSuspended(String tenant) {
        return tenants.known(tenant).filter(Tenant::isSuspended).isPresent();
    }

    private boolean isOverlapping(Schedule schedule) {
        return schedule.spec().overlap() == Overlap.SKIP
                && schedule.lastJob()
                        .flatMap(jobs::find)
                        .filter(job -> !job.state().isFinal())
                        .isPresent();
    }

    private Job submit(Schedule schedule, Instant tick) throws InterruptedException {
        var labels =
                Map.of(ScheduleReader.SCHEDULE, schedule.spec().name(), ScheduleReader.SCHEDULED_FOR, tick.toString());
        var firing = tracing.beginning("fire schedule").with("holdfast.schedule.id", schedule.id());
        var promise = firing.around(() -> submitter.submit(
                schedule.jobOf(tick),
                schedule.tenant(),
                job(schedule, labels),
                Trace.begin().traceparent()));
        if (!promise.replayed()) metrics.ticked(Duration.between(tick, clock.instant()));
        return promise.job();
    }

    /** Asks for the schedule's job beside its plan. Under a key it is safe to call again after any failure. */
    Submitter.Promise run(Schedule schedule, Optional<IdempotencyKey> key, String traceparent)
            throws InterruptedException {
        var promise = submitter.submit(
                schedule.tenant(),
                key,
                job(schedule, Map.of(ScheduleReader.SCHEDULE, schedule.spec().name())),
                "run/" + schedule.id() + "/" + schedule.createdAt().toEpochMilli(),
                traceparent);
        if (!promise.replayed()) {
            table.ran(schedule, promise.job().id(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        }
        return promise;
    }

    /** A problem when this release does not know such a job: another, to which its clients speak, may. */
    private JobSpec job(Schedule schedule, Map<String, String> marks) {
        try {
            var asked = reader.read(Json.mapper().readTree(schedule.spec().job()), "/job");
            var labels = new HashMap<>(asked.labels());
            labels.putAll(marks);
            return new JobSpec(
                    asked.payload(),
                    asked.notification(),
                    asked.notBefore(),
                    asked.deadline(),
                    asked.maxAttempts(),
                    labels);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("the job of schedule " + schedule.id() + " is no JSON", damaged);
        }
    }
}
