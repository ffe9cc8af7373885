package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.core.Range;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Json;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.BackupAge;
import dev.holdfast.table.JobTable;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Measures how old the last backup of each plan is: of each schedule that asks for backups and is not paused. What one
 * process has seen succeed it remembers; one that starts looks back over the last ticks.
 */
@Singleton
public final class BackupAges {

    private static final Logger LOG = Logger.getLogger(BackupAges.class);

    /** So many ticks are looked at; a backup that succeeded before these is found by those who saw it. */
    private static final int LOOK_BACK = 5;

    private final ScheduleTable table;
    private final JobTable jobs;
    private final Metrics metrics;
    private final InstantSource clock;
    private final Map<String, Instant> seen = new HashMap<>();

    BackupAges(ScheduleTable table, JobTable jobs, SchedulesConfig config, Metrics metrics, InstantSource clock) {
        Range.check("holdfast.schedules.ages-every", config.agesEvery(), Duration.ofSeconds(1), Duration.ofHours(1));
        this.table = table;
        this.jobs = jobs;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "{holdfast.schedules.ages-every}",
            delayed = "{holdfast.schedules.ages-every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void measure() {
        try {
            var ages = new ArrayList<BackupAge>();
            var there = new HashSet<String>();
            for (var schedule : table.active()) {
                if (!asksForBackups(schedule)) continue;
                there.add(key(schedule));
                var next = schedule.plan().upcoming(clock.instant(), 2);
                var interval = Duration.between(next.getFirst(), next.getLast());
                ages.add(new BackupAge(schedule.tenant(), schedule.spec().name(), last(schedule), interval));
            }
            seen.keySet().retainAll(there);
            metrics.backupAges(ages, clock);
        } catch (SdkException e) {
            LOG.warnf("looking for the ages of backups failed, and is tried again error=%s", e);
        }
    }

    private static boolean asksForBackups(Schedule schedule) {
        try {
            var type =
                    Json.mapper().readTree(schedule.spec().job()).path("type").asText();
            return type.equals(JobType.BACKUP.wireName());
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("the job of schedule " + schedule.id() + " is no JSON", damaged);
        }
    }

    /** One that is made anew under its name has other backups. */
    private static String key(Schedule schedule) {
        return schedule.id() + "/" + schedule.createdAt().toEpochMilli();
    }

    /** When a backup of it last succeeded; when it was made, if none has. */
    private Instant last(Schedule schedule) {
        var known = Optional.ofNullable(seen.get(key(schedule)));
        var newest = schedule.lastJob().flatMap(this::succeeded);
        if (newest.isEmpty()) newest = earlier(schedule);
        newest.filter(at -> known.filter(at::isBefore).isEmpty()).ifPresent(at -> seen.put(key(schedule), at));
        return seen.getOrDefault(key(schedule), schedule.createdAt());
    }

    private Optional<Instant> earlier(Schedule schedule) {
        return schedule.plan().last(LOOK_BACK, schedule.begunAt(), clock.instant()).reversed().stream()
                .flatMap(tick -> succeeded(schedule.jobOf(tick)).stream())
                .findFirst();
    }

    private Optional<Instant> succeeded(JobId id) {
        return jobs.find(id).filter(job -> job.state() == JobState.SUCCEEDED).flatMap(Job::finishedAt);
    }
}
