package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A schedule in the HTTP API. What it does not have is left out.
 *
 * @param nextFireTimes the next five ticks; none while it is paused
 * @param lastFireAt the last tick that fired, or the last time that it was run by hand
 * @param lastJob the id of the job of that
 * @param expectedBy when the next job has to have succeeded
 * @param overdue whether one has not
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ScheduleView(
        String id,
        String tenant,
        String name,
        State state,
        Optional<String> cron,
        Optional<String> every,
        String timezone,
        @Schema(ref = "SubmitRequest") JsonNode job,
        CatchUp catchUp,
        Overlap overlap,
        Optional<String> expectWithin,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> nextFireAt,
        List<Instant> nextFireTimes,
        Optional<Instant> lastFireAt,
        Optional<String> lastJob,
        Optional<Instant> expectedBy,
        boolean overdue,
        Map<String, String> links) {

    private static final int SHOWN_TICKS = 5;

    /** Whether a schedule fires. */
    @Schema(name = "ScheduleState")
    enum State {
        ACTIVE,
        PAUSED
    }

    static ScheduleView of(Schedule schedule) {
        var spec = schedule.spec();
        return new ScheduleView(
                schedule.id(),
                schedule.tenant(),
                spec.name(),
                schedule.isPaused() ? State.PAUSED : State.ACTIVE,
                spec.timing().cron(),
                spec.timing().every().map(Duration::toString),
                spec.timing().zone().getId(),
                tree(spec.job()),
                spec.catchUp(),
                spec.overlap(),
                spec.expectWithin().map(Duration::toString),
                schedule.createdAt(),
                schedule.updatedAt(),
                schedule.nextFireAt(),
                schedule.nextFireAt()
                        .map(next -> schedule.plan().upcoming(next.minusMillis(1), SHOWN_TICKS))
                        .orElse(List.of()),
                schedule.lastFireAt(),
                schedule.lastJob().map(JobId::toString),
                schedule.expectedBy(),
                schedule.overdue(),
                links(schedule));
    }

    static String path(Schedule schedule) {
        return "/v1/schedules/" + schedule.id();
    }

    private static Map<String, String> links(Schedule schedule) {
        var links = new LinkedHashMap<String, String>();
        links.put("self", path(schedule));
        for (var action : List.of("pause", "resume", "run")) links.put(action, path(schedule) + "/" + action);
        return links;
    }

    private static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("a schedule's job is no JSON", damaged);
        }
    }
}
