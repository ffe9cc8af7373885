package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.job.Job;
import dev.holdfast.job.Json;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.run.JobQueues;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/**
 * Tells the notifier of schedules that are overdue, and of their recovery. Told again, it is the same alert: the missed
 * tick names it.
 */
@Singleton
final class OverdueAlerts {

    private final JobQueues queues;

    OverdueAlerts(JobQueues queues) {
        this.queues = queues;
    }

    /** Late: its job is there and has not ended; missed: there is none, or it has failed. */
    void overdue(Schedule schedule, Optional<Job> job, Instant tick, Instant by) throws InterruptedException {
        var isUnderWay = job.filter(known -> !known.state().isFinal()).isPresent();
        tell(isUnderWay ? MailKind.SCHEDULE_LATE : MailKind.SCHEDULE_MISSED, schedule, job, tick, by);
    }

    void recovered(Schedule schedule, Instant tick, Instant by) throws InterruptedException {
        tell(MailKind.SCHEDULE_RECOVERED, schedule, Optional.empty(), tick, by);
    }

    private void tell(MailKind kind, Schedule schedule, Optional<Job> job, Instant tick, Instant by)
            throws InterruptedException {
        var facts = new EnumMap<Fact, String>(Fact.class);
        facts.put(Fact.SCHEDULE, schedule.spec().name());
        facts.put(Fact.SCHEDULE_ID, schedule.id());
        facts.put(Fact.TICK, tick.toString());
        facts.put(Fact.EXPECTED_BY, by.toString());
        job.ifPresent(known -> {
            facts.put(Fact.JOB, known.id().toString());
            facts.put(Fact.JOB_STATE, known.state().name());
        });
        var key = schedule.id() + "#" + schedule.createdAt().toEpochMilli() + "#" + tick.toEpochMilli();
        queues.alert(Alert.of(kind, schedule.tenant(), key, recipients(schedule), by, facts), Duration.ZERO);
    }

    /** Whom the schedule's job names; nobody: whom the tenant's settings name. */
    private static List<String> recipients(Schedule schedule) {
        try {
            var recipients = new ArrayList<String>();
            Json.mapper()
                    .readTree(schedule.spec().job())
                    .path("notify")
                    .path("email")
                    .forEach(address -> recipients.add(address.asText()));
            return recipients;
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("the job of schedule " + schedule.id() + " is no JSON", damaged);
        }
    }
}
