package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.ingest.http.Problem.FieldError;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.jobs.SubmitReader;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns the body of a request into a schedule's task, or into a problem that names every fault. */
@Singleton
final class ScheduleReader {

    /** The labels that tell of a job which schedule it is from, and for which tick. */
    static final String SCHEDULE = "schedule";

    static final String SCHEDULED_FOR = "scheduledFor";

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(366);

    private final RecordSchema<ScheduleRequest> schema = new RecordSchema<>(ScheduleRequest.class);
    private final SubmitReader jobs;

    ScheduleReader(SubmitReader jobs) {
        this.jobs = jobs;
    }

    /** A problem 422 when it is not valid. */
    ScheduleSpec read(JsonNode body) {
        var faults = new ArrayList<>(schema.faults(body, ""));
        var outOfForm = !faults.isEmpty();
        if (body.path("job").isObject()) faults.addAll(jobFaults(body.path("job")));
        if (outOfForm) throw ProblemException.invalid(faults);
        var request = schema.bind(body, "");
        var every = duration(request.every(), "/every", faults);
        var expectWithin = duration(request.expectWithin(), "/expectWithin", faults);
        var zone = zone(request.timezone().orElse("UTC"), faults);
        checkCron(request, faults);
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        return new ScheduleSpec(
                request.name(),
                new ScheduleSpec.Timing(request.cron(), every, zone.orElseThrow()),
                Json.write(request.job()),
                expectWithin,
                request.catchUp(),
                request.overlap());
    }

    private List<FieldError> jobFaults(JsonNode job) {
        try {
            var spec = jobs.read(job, "/job");
            var faults = new ArrayList<FieldError>();
            if (spec.notBefore().isPresent()) faults.add(new FieldError("/job/notBefore", "the schedule says when"));
            if (spec.deadline().isPresent()) {
                faults.add(new FieldError("/job/deadline", "would be over for all jobs after it"));
            }
            for (var ours : List.of(SCHEDULE, SCHEDULED_FOR)) {
                if (spec.labels().containsKey(ours)) {
                    faults.add(new FieldError("/job/labels/" + ours, "is set by the schedule"));
                }
            }
            return faults;
        } catch (ProblemException faulty) {
            return faulty.errors();
        }
    }

    private static void checkCron(ScheduleRequest request, List<FieldError> faults) {
        if (request.cron().isEmpty() && request.every().isEmpty()) {
            faults.add(new FieldError("/cron", "either cron or every is required"));
        } else if (request.cron().isPresent() && request.every().isPresent()) {
            faults.add(new FieldError("/every", "cannot stand beside cron"));
        }
        try {
            request.cron().ifPresent(Cron::parse);
        } catch (IllegalArgumentException e) {
            faults.add(new FieldError("/cron", String.valueOf(e.getMessage())));
        }
    }

    private static Optional<Duration> duration(Optional<String> text, String pointer, List<FieldError> faults) {
        try {
            var duration = text.map(Duration::parse);
            var good = duration.filter(value -> value.compareTo(LEAST) >= 0 && value.compareTo(MOST) <= 0)
                    .filter(value -> value.equals(Duration.ofMillis(value.toMillis())));
            if (good.isPresent() || text.isEmpty()) return good;
        } catch (DateTimeParseException | ArithmeticException malformed) {
            // answered like one that is out of range
        }
        faults.add(new FieldError(
                pointer, "must be a duration of ISO 8601 such as PT5M, 1 s to 366 days, in whole milliseconds"));
        return Optional.empty();
    }

    private static Optional<ZoneId> zone(String text, List<FieldError> faults) {
        if (ZoneId.getAvailableZoneIds().contains(text)) return Optional.of(ZoneId.of(text));
        faults.add(new FieldError("/timezone", "must be a time zone of IANA, such as Europe/Berlin or UTC"));
        return Optional.empty();
    }
}
