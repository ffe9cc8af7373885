package dev.holdfast.ingest.schedules;

import dev.holdfast.core.Range;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.NotSentException;
import dev.holdfast.table.JobTable;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds schedules whose job has not succeeded within the time in which it was expected. Judged by the last tick for
 * which that time is over; a job of a later tick, or one that was run by hand since, makes good for it.
 */
@Singleton
public final class Overdue {

    private static final Logger LOG = Logger.getLogger(Overdue.class);

    private final ScheduleTable table;
    private final JobTable jobs;
    private final OverdueAlerts alerts;
    private final Metrics metrics;
    private final InstantSource clock;

    Overdue(
            ScheduleTable table,
            JobTable jobs,
            OverdueAlerts alerts,
            SchedulesConfig config,
            Metrics metrics,
            InstantSource clock) {
        Range.check(
                "holdfast.schedules.overdue-every", config.overdueEvery(), Duration.ofSeconds(1), Duration.ofHours(1));
        this.table = table;
        this.jobs = jobs;
        this.alerts = alerts;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "{holdfast.schedules.overdue-every}",
            delayed = "{holdfast.schedules.overdue-every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void count() throws InterruptedException {
        try {
            var now = clock.instant();
            var overdue = 0;
            for (var schedule : table.expected(now)) {
                if (isOverdue(schedule, now)) overdue++;
            }
            metrics.schedulesOverdue(overdue);
        } catch (SdkException | NotSentException e) {
            LOG.warnf("looking for overdue schedules failed, and is tried again error=%s", e);
        }
    }

    /** What is to be told is told before it is noted: again rather than never, and the notifier tells it once. */
    private boolean isOverdue(Schedule schedule, Instant now) throws InterruptedException {
        var window = schedule.spec().expectWithin();
        if (window.isEmpty()) return false;
        var judged = now.minus(window.get());
        var plan = schedule.plan();
        var ticks = plan.last(1, schedule.begunAt(), judged);
        if (!ticks.isEmpty() && !isDone(schedule, ticks.getFirst())) {
            if (!schedule.overdue())
                noteOverdue(schedule, ticks.getFirst(), ticks.getFirst().plus(window.get()));
            return true;
        }
        if (schedule.overdue() && schedule.expectedBy().isPresent()) {
            var by = schedule.expectedBy().get();
            alerts.recovered(schedule, by.minus(window.get()), by);
        }
        var from = judged.isAfter(schedule.begunAt()) ? judged : schedule.begunAt();
        table.expect(schedule, plan.next(from).plus(window.get()), false);
        return false;
    }

    private void noteOverdue(Schedule schedule, Instant tick, Instant by) throws InterruptedException {
        alerts.overdue(schedule, jobs.find(schedule.jobOf(tick)), tick, by);
        if (table.expect(schedule, by, true)) {
            LOG.errorf("schedule overdue scheduleId=%s tick=%s", schedule.id(), tick);
        }
    }

    private boolean isDone(Schedule schedule, Instant tick) {
        if (hasSucceeded(Optional.of(schedule.jobOf(tick)))) return true;
        var later = schedule.lastFireAt().filter(last -> !last.isBefore(tick)).isPresent();
        return later && hasSucceeded(schedule.lastJob());
    }

    private boolean hasSucceeded(Optional<JobId> id) {
        return id.flatMap(jobs::find)
                .filter(job -> job.state() == JobState.SUCCEEDED)
                .isPresent();
    }
}
