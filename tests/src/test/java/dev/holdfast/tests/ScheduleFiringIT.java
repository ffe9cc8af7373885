package dev.holdfast.tests;

import static dev.holdfast.tests.Schedules.path;
import static dev.holdfast.tests.Schedules.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of schedules when their times come. */
class ScheduleFiringIT {

    private final Schedules schedules = new Schedules();
    private final House house = House.shared();
    private final Api api = schedules.api;

    @AfterEach
    void deleteSchedules() {
        schedules.close();
    }

    @Test
    void tickIsAJobThatSucceeds() {
        // given
        var schedule = schedules.create("\"cron\": \"* * * * * *\"");
        var first = Instant.parse(schedule.path("nextFireAt").asText());

        // when
        patiently().until(() -> api.get(path(schedule)).body().has("lastJob"));
        api.post(path(schedule) + "/pause", "");

        // then
        var id = JobId.scheduled(
                schedule.path("id").asText() + "/"
                        + Instant.parse(schedule.path("createdAt").asText()).toEpochMilli(),
                first);
        var job = api.await(id.toString());
        assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("labels").path("team").asText()).isEqualTo("core");
        assertThat(job.path("labels").path("schedule").asText()).isEqualTo(schedules.name);
        assertThat(job.path("labels").path("scheduledFor").asText()).isEqualTo(first.toString());
        assertThat(Duration.between(first, Instant.parse(job.path("createdAt").asText())))
                .isBetween(Duration.ZERO, Duration.ofSeconds(5));
    }

    @Test
    void runFiresNowBesideThePlanAlsoWhilePaused() {
        // given
        var schedule = schedules.create("\"cron\": \"@yearly\"");
        var planned = api.post(path(schedule) + "/pause", "").body();

        // when
        var run = api.post(path(schedule) + "/run", "", "Idempotency-Key", "run-" + schedules.mark);
        var again = api.post(path(schedule) + "/run", "", "Idempotency-Key", "run-" + schedules.mark);

        // then
        assertThat(run.status()).isEqualTo(202);
        var id = run.body().path("id").asText();
        assertThat(run.header("Location")).isEqualTo("/v1/jobs/" + id);
        assertThat(again.status()).isIn(200, 202);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.body().path("id").asText()).isEqualTo(id);
        var job = api.await(id);
        assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("labels").path("schedule").asText()).isEqualTo(schedules.name);
        assertThat(job.path("labels").has("scheduledFor")).isFalse();
        var after = api.get(path(schedule)).body();
        assertThat(after.path("lastJob").asText()).isEqualTo(id);
        assertThat(after.path("state")).isEqualTo(planned.path("state"));
        assertThat(api.post(path(schedule) + "/run", "", "Idempotency-Key", "x".repeat(129))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void pausedScheduleDoesNotFireAndAResumedOneGoesOnFromNow() {
        // given
        var schedule = schedules.create("\"every\": \"PT1S\"");
        patiently().until(() -> api.get(path(schedule)).body().has("lastJob"));

        // when
        var paused = api.post(path(schedule) + "/pause", "");
        var again = api.post(path(schedule) + "/pause", "");

        // then
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body().path("state").asText()).isEqualTo("PAUSED");
        assertThat(paused.body().has("nextFireAt")).isFalse();
        assertThat(times(paused.body())).isEmpty();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(paused.body());
        await().pollDelay(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> true);
        assertThat(api.get(path(schedule)).body()).isEqualTo(paused.body());

        // and
        var now = Instant.now();
        var resumed = api.post(path(schedule) + "/resume", "");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body().path("state").asText()).isEqualTo("ACTIVE");
        assertThat(times(resumed.body()).getFirst()).isBetween(now.plusMillis(900), now.plusSeconds(5));
        assertThat(api.post(path(schedule) + "/resume", "").status()).isEqualTo(200);
        patiently()
                .until(() -> !api.get(path(schedule))
                        .body()
                        .path("lastJob")
                        .equals(paused.body().path("lastJob")));
    }

    @Test
    void scheduleWhoseJobsFailIsOverdueUntilOneSucceeds() {
        // given: there is no such repository
        var repository = "r" + schedules.mark;
        var schedule = schedules.create("\"every\": \"PT2S\", \"expectWithin\": \"PT3S\"", backup(repository));
        assertThat(schedule.path("expectedBy").asText())
                .isEqualTo(times(schedule).getFirst().plusSeconds(3).toString());

        // then
        patiently().until(() -> isOverdue(schedule));
        assertThat(Instant.parse(
                        api.get(path(schedule)).body().path("expectedBy").asText()))
                .isBefore(Instant.now());
        patiently().until(() -> house.metric("schedules_overdue") >= 1);

        // and when there is one
        assertThat(api.post("/v1/repositories", "{\"name\": \"" + repository + "\"}")
                        .status())
                .isEqualTo(201);
        patiently().until(() -> !isOverdue(schedule));
        patiently().until(() -> house.metric("schedules_overdue") == 0);
    }

    private boolean isOverdue(JsonNode schedule) {
        return api.get(path(schedule)).body().path("overdue").asBoolean();
    }

    private static String backup(String repository) {
        return """
                {"type": "backup", "payload": {"repository": "%s",
                 "source": {"kind": "inline", "name": "a.txt", "contentBase64": "aGVsbG8="}}}""".formatted(repository);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100));
    }
}
