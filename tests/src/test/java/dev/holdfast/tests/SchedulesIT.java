package dev.holdfast.tests;

import static dev.holdfast.tests.Schedules.PATH;
import static dev.holdfast.tests.Schedules.path;
import static dev.holdfast.tests.Schedules.times;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedules as resources: made, shown, replaced, listed, deleted, and by whom. */
class SchedulesIT {

    private static final String NOBODY = PATH + "/" + JobId.derived("nobody", "nothing");

    private final Schedules schedules = new Schedules();
    private final House house = House.shared();
    private final Api api = schedules.api;

    @AfterEach
    void deleteSchedules() {
        schedules.close();
    }

    @Test
    void scheduleIsMadeShownAndDeleted() {
        // when
        var made = api.post(PATH, schedules.body("\"cron\": \"30 2 * * *\", \"timezone\": \"Europe/Berlin\""));

        // then
        assertThat(made.status()).isEqualTo(201);
        var path = made.header("Location");
        var schedule = made.body();
        assertThat(path).isEqualTo(PATH + "/" + schedule.path("id").asText());
        assertThat(schedule.path("name").asText()).isEqualTo(schedules.name);
        assertThat(schedule.path("state").asText()).isEqualTo("ACTIVE");
        assertThat(schedule.path("cron").asText()).isEqualTo("30 2 * * *");
        assertThat(schedule.path("timezone").asText()).isEqualTo("Europe/Berlin");
        assertThat(schedule.path("catchUp").asText()).isEqualTo("latest");
        assertThat(schedule.path("overlap").asText()).isEqualTo("allow");
        assertThat(schedule.path("job").path("payload").path("username").asText())
                .isEqualTo("u" + schedules.mark);
        assertThat(schedule.has("every")).isFalse();
        assertThat(schedule.has("lastJob")).isFalse();
        assertThat(schedule.has("expectedBy")).isFalse();
        var times = times(schedule);
        assertThat(times).hasSize(5).isSorted().doesNotHaveDuplicates();
        assertThat(times.getFirst().toString())
                .isEqualTo(schedule.path("nextFireAt").asText());
        assertThat(times.getFirst()).isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(26)));
        assertThat(api.get(path).body()).isEqualTo(schedule);
        assertThat(api.delete(path).status()).isEqualTo(204);
        assertThat(api.get(path).status()).isEqualTo(404);
        assertThat(api.delete(path).status()).isEqualTo(404);
    }

    @Test
    void nameBelongsToOneScheduleAndItsReplaysAreAnswered() {
        var first = schedules.create("\"cron\": \"@daily\"");

        var again = api.post(PATH, " " + schedules.body("\"cron\": \"@daily\""));
        var other = api.post(PATH, schedules.body("\"cron\": \"@hourly\""));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body().path("type").asText()).isEqualTo("/problems/name-taken");
        assertThat(other.body().path("detail").asText()).contains(path(first));
        assertThat(api.get(path(first)).body()).isEqualTo(first);
    }

    @Test
    void anotherTenantFindsNothingAndMayUseTheName() {
        // given
        var mine = schedules.create("\"cron\": \"@daily\"");
        var other = api.as(house.key("acme-" + schedules.mark, "jobs:read", "jobs:write"));

        // then
        assertThat(other.get(path(mine)).status()).isEqualTo(404);
        assertThat(other.put(path(mine), schedules.body("\"cron\": \"@hourly\""))
                        .status())
                .isEqualTo(404);
        assertThat(other.delete(path(mine)).status()).isEqualTo(404);
        for (var action : List.of("pause", "resume", "run")) {
            assertThat(other.post(path(mine) + "/" + action, "").status()).isEqualTo(404);
        }
        assertThat(other.get(PATH).body().path("items")).isEmpty();
        var theirs = other.post(PATH, schedules.body("\"cron\": \"@daily\""));
        assertThat(theirs.status()).isEqualTo(201);
        assertThat(theirs.body().path("id")).isNotEqualTo(mine.path("id"));
        assertThat(other.get(PATH).body().path("items")).hasSize(1);
        assertThat(other.delete(path(theirs.body())).status()).isEqualTo(204);
        assertThat(api.get(path(mine)).body()).isEqualTo(mine);
    }

    @Test
    void eachCallNeedsItsScope() {
        var mine = schedules.create("\"cron\": \"@daily\"");
        var reader = api.as(house.key("local", "jobs:read"));
        var writer = api.as(house.key("local", "jobs:write"));

        assertThat(reader.get(path(mine)).status()).isEqualTo(200);
        assertThat(reader.post(PATH, schedules.body("\"cron\": \"@daily\"")).status())
                .isEqualTo(403);
        assertThat(reader.put(path(mine), schedules.body("\"cron\": \"@daily\""))
                        .status())
                .isEqualTo(403);
        assertThat(reader.delete(path(mine)).status()).isEqualTo(403);
        for (var action : List.of("pause", "resume", "run")) {
            assertThat(reader.post(path(mine) + "/" + action, "").status()).isEqualTo(403);
        }
        assertThat(writer.get(path(mine)).status()).isEqualTo(403);
        assertThat(writer.get(PATH).status()).isEqualTo(403);
        assertThat(api.as("hf_nobody").get(PATH).status()).isEqualTo(401);
    }

    @Test
    void whatIsNotThereCanBeNeitherShownNorChanged() {
        for (var path : List.of(NOBODY, PATH + "/garbage")) {
            assertThat(api.get(path).status()).isEqualTo(404);
            assertThat(api.put(path, schedules.body("\"cron\": \"@daily\"")).status())
                    .isEqualTo(404);
            assertThat(api.delete(path).status()).isEqualTo(404);
            for (var action : List.of("pause", "resume", "run")) {
                assertThat(api.post(path + "/" + action, "").status()).isEqualTo(404);
            }
        }
    }

    @Test
    void scheduleGetsAnotherTaskUnderItsName() {
        // given
        var before = schedules.create("\"every\": \"PT1H\"");

        // when
        var sameTimes = api.put(path(before), schedules.body("\"every\": \"PT60M\", \"catchUp\": \"all\""));
        var otherTimes = api.put(path(before), schedules.body("\"every\": \"PT2H\", \"expectWithin\": \"PT10M\""));
        var otherName =
                api.put(path(before), schedules.body("\"every\": \"PT2H\"").replace(schedules.name, "other"));
        var faulty = api.put(path(before), schedules.body("\"every\": \"2h\""));

        // then
        assertThat(sameTimes.status()).isEqualTo(200);
        assertThat(sameTimes.body().path("catchUp").asText()).isEqualTo("all");
        assertThat(times(sameTimes.body())).isEqualTo(times(before));
        assertThat(otherTimes.status()).isEqualTo(200);
        assertThat(otherTimes.body().path("createdAt")).isEqualTo(before.path("createdAt"));
        assertThat(otherTimes.body().path("every").asText()).isEqualTo("PT2H");
        var next = Instant.parse(otherTimes.body().path("nextFireAt").asText());
        assertThat(next).isAfter(times(before).getFirst().plus(Duration.ofMinutes(59)));
        assertThat(otherTimes.body().path("expectedBy").asText())
                .isEqualTo(next.plus(Duration.ofMinutes(10)).toString());
        assertThat(otherName.status()).isEqualTo(422);
        assertThat(otherName.pointers()).containsExactly("/name");
        assertThat(faulty.pointers()).containsExactly("/every");
        assertThat(api.get(path(before)).body()).isEqualTo(otherTimes.body());
    }

    @Test
    void pagesShowEveryScheduleOnceNewestFirst() {
        var tenant = api.as(house.key("pages-" + schedules.mark, "jobs:read", "jobs:write"));
        for (var i = 0; i < 5; i++) {
            var answer =
                    tenant.post(PATH, schedules.body("\"cron\": \"@yearly\"").replace(schedules.name, "page " + i));
            assertThat(answer.status()).isEqualTo(201);
        }

        var names = new ArrayList<String>();
        var cursor = "";
        do {
            var page = tenant.get(PATH + "?limit=2" + cursor).body();
            assertThat(page.path("items").size()).isBetween(1, 2);
            names.addAll(page.path("items").findValuesAsText("name"));
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());

        assertThat(names).containsExactly("page 4", "page 3", "page 2", "page 1", "page 0");
        tenant.get(PATH).body().path("items").forEach(item -> tenant.delete(path(item)));
        assertThat(tenant.get(PATH).body().path("items")).isEmpty();
    }
}
