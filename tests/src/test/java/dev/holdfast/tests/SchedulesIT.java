package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.JobId;
import dev.holdfast.tests.Api.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulesIT {

    private static final String SCHEDULES = "/v1/schedules";
    private static final String NOBODY = SCHEDULES + "/" + JobId.derived("nobody", "nothing");

    private final House house = House.shared();
    private final Api api = house.api;
    private final String mark = UUID.randomUUID().toString().substring(0, 13);
    private final List<String> made = new ArrayList<>();

    @AfterEach
    void deleteSchedules() {
        made.forEach(path -> delete(api, path));
    }

    @Test
    void scheduleIsMadeShownAndDeleted() {
        // when
        var made = api.post(SCHEDULES, body("\"cron\": \"30 2 * * *\", \"timezone\": \"Europe/Berlin\""));

        // then
        assertThat(made.status()).isEqualTo(201);
        var path = made.header("Location");
        var schedule = made.body();
        assertThat(path).isEqualTo(SCHEDULES + "/" + schedule.path("id").asText());
        assertThat(schedule.path("name").asText()).isEqualTo("name " + mark);
        assertThat(schedule.path("state").asText()).isEqualTo("ACTIVE");
        assertThat(schedule.path("cron").asText()).isEqualTo("30 2 * * *");
        assertThat(schedule.path("timezone").asText()).isEqualTo("Europe/Berlin");
        assertThat(schedule.path("catchUp").asText()).isEqualTo("latest");
        assertThat(schedule.path("overlap").asText()).isEqualTo("allow");
        assertThat(schedule.path("job").path("payload").path("username").asText())
                .isEqualTo("u" + mark);
        assertThat(schedule.has("every")).isFalse();
        assertThat(schedule.has("lastJob")).isFalse();
        assertThat(schedule.has("expectedBy")).isFalse();
        var times = times(schedule);
        assertThat(times).hasSize(5).isSorted().doesNotHaveDuplicates();
        assertThat(times.getFirst().toString())
                .isEqualTo(schedule.path("nextFireAt").asText());
        assertThat(times.getFirst()).isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(26)));
        assertThat(api.get(path).body()).isEqualTo(schedule);
        assertThat(delete(api, path)).isEqualTo(204);
        assertThat(api.get(path).status()).isEqualTo(404);
        assertThat(delete(api, path)).isEqualTo(404);
    }

    @Test
    void nameBelongsToOneScheduleAndItsReplaysAreAnswered() {
        var first = create("\"cron\": \"@daily\"");

        var again = api.post(SCHEDULES, " " + body("\"cron\": \"@daily\""));
        var other = api.post(SCHEDULES, body("\"cron\": \"@hourly\""));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body().path("type").asText()).isEqualTo("/problems/name-taken");
        assertThat(other.body().path("detail").asText()).contains(path(first));
        assertThat(api.get(path(first)).body()).isEqualTo(first);
    }

    @Test
    void everyFaultNamesItsField() {
        invalid("{}", "/name", "/job");
        invalid(body(""), "/cron");
        invalid(body("\"cron\": \"@daily\", \"every\": \"PT1M\""), "/every");
        for (var cron : List.of("", "* * * *", "61 * * * *", "0 0 30 2 *", "@never", "1-2/ * * * *", "*/0 * * * *")) {
            invalid(body("\"cron\": \"" + cron + "\""), "/cron");
        }
        for (var every :
                List.of("PT0S", "PT0.5S", "PT1.0005S", "-PT5M", "5m", "P1Y", "P367D", "PT99999999999999999H")) {
            invalid(body("\"every\": \"" + every + "\""), "/every");
            invalid(body("\"every\": \"PT1H\", \"expectWithin\": \"" + every + "\""), "/expectWithin");
        }
        for (var zone : List.of("", "Mars/Base", "+02:00", "../UTC")) {
            invalid(body("\"cron\": \"@daily\", \"timezone\": \"" + zone + "\""), "/timezone");
        }
        invalid(body("\"cron\": 5"), "/cron");
        invalid(body("\"cron\": \"@daily\", \"catchUp\": \"some\""), "/catchUp");
        invalid(body("\"cron\": \"@daily\", \"overlap\": \"no\""), "/overlap");
        invalid(body("\"cron\": \"@daily\", \"enabled\": true"), "/enabled");
        invalid(body("\"cron\": \"@daily\"").replace("name " + mark, " x"), "/name");
        invalid(body("\"cron\": \"@daily\"").replace("name " + mark, "x".repeat(101)), "/name");
        assertThat(api.post(SCHEDULES, "{").status()).isEqualTo(400);
        assertThat(api.post(SCHEDULES, "{}", "Content-Type", "text/plain").status())
                .isEqualTo(415);
        assertThat(api.post(SCHEDULES, "x".repeat(300_000)).status()).isEqualTo(413);
        for (var query : List.of("?limit=0", "?limit=101", "?limit=x", "?cursor=x")) {
            var answer = api.get(SCHEDULES + query);
            assertThat(answer.status()).as(query).isEqualTo(422);
            assertThat(answer.body().path("type").asText()).isEqualTo("/problems/invalid-parameter");
        }
    }

    @Test
    void everyFaultOfTheJobIsNamedBelowIt() {
        invalid(withJob("{\"payload\": {}}"), "/job/type");
        invalid(withJob("{\"type\": \"nope\", \"payload\": {}}"), "/job/type");
        invalid(withJob("{\"type\": \"registration\", \"payload\": {\"username\": \"x\"}}"), "/job/payload/email");
        invalid(withJob(job().replace("}}", "}, \"no\": 1}")), "/job/no");
        invalid(withJob(job().replace("}}", "}, \"maxAttempts\": 0}")), "/job/maxAttempts");
        invalid(withJob(job().replace("}}", "}, \"notBefore\": \"2099-01-01T00:00:00Z\"}")), "/job/notBefore");
        invalid(withJob(job().replace("}}", "}, \"deadline\": \"2099-01-01T00:00:00Z\"}")), "/job/deadline");
        invalid(withJob(job().replace("team", "schedule")), "/job/labels/schedule");
        invalid(withJob("5"), "/job");
        invalid(
                "{\"name\": \"x\", \"cron\": \"61 * * * *\", \"timezone\": \"Mars\", \"job\": {\"type\": \"nope\", \"payload\": {}}}",
                "/job/type",
                "/timezone",
                "/cron");
    }

    @Test
    void anotherTenantFindsNothingAndMayUseTheName() {
        // given
        var mine = create("\"cron\": \"@daily\"");
        var other = api.as(house.key("acme-" + mark, "jobs:read", "jobs:write"));

        // then
        assertThat(other.get(path(mine)).status()).isEqualTo(404);
        assertThat(put(other, path(mine), body("\"cron\": \"@hourly\"")).status())
                .isEqualTo(404);
        assertThat(delete(other, path(mine))).isEqualTo(404);
        for (var action : List.of("pause", "resume", "run")) {
            assertThat(other.post(path(mine) + "/" + action, "").status()).isEqualTo(404);
        }
        assertThat(other.get(SCHEDULES).body().path("items")).isEmpty();
        var theirs = other.post(SCHEDULES, body("\"cron\": \"@daily\""));
        assertThat(theirs.status()).isEqualTo(201);
        assertThat(theirs.body().path("id")).isNotEqualTo(mine.path("id"));
        assertThat(other.get(SCHEDULES).body().path("items")).hasSize(1);
        assertThat(delete(other, path(theirs.body()))).isEqualTo(204);
        assertThat(api.get(path(mine)).body()).isEqualTo(mine);
    }

    @Test
    void eachCallNeedsItsScope() {
        var mine = create("\"cron\": \"@daily\"");
        var reader = api.as(house.key("local", "jobs:read"));
        var writer = api.as(house.key("local", "jobs:write"));

        assertThat(reader.get(path(mine)).status()).isEqualTo(200);
        assertThat(reader.post(SCHEDULES, body("\"cron\": \"@daily\"")).status())
                .isEqualTo(403);
        assertThat(put(reader, path(mine), body("\"cron\": \"@daily\"")).status())
                .isEqualTo(403);
        assertThat(delete(reader, path(mine))).isEqualTo(403);
        for (var action : List.of("pause", "resume", "run")) {
            assertThat(reader.post(path(mine) + "/" + action, "").status()).isEqualTo(403);
        }
        assertThat(writer.get(path(mine)).status()).isEqualTo(403);
        assertThat(writer.get(SCHEDULES).status()).isEqualTo(403);
        assertThat(api.as("hf_nobody").get(SCHEDULES).status()).isEqualTo(401);
    }

    @Test
    void whatIsNotThereCanBeNeitherShownNorChanged() {
        for (var path : List.of(NOBODY, SCHEDULES + "/garbage")) {
            assertThat(api.get(path).status()).isEqualTo(404);
            assertThat(put(api, path, body("\"cron\": \"@daily\"")).status()).isEqualTo(404);
            assertThat(delete(api, path)).isEqualTo(404);
            for (var action : List.of("pause", "resume", "run")) {
                assertThat(api.post(path + "/" + action, "").status()).isEqualTo(404);
            }
        }
    }

    @Test
    void scheduleGetsAnotherTaskUnderItsName() {
        // given
        var before = create("\"every\": \"PT1H\"");

        // when
        var sameTimes = put(api, path(before), body("\"every\": \"PT60M\", \"catchUp\": \"all\""));
        var otherTimes = put(api, path(before), body("\"every\": \"PT2H\", \"expectWithin\": \"PT10M\""));
        var otherName = put(api, path(before), body("\"every\": \"PT2H\"").replace("name " + mark, "other"));
        var faulty = put(api, path(before), body("\"every\": \"2h\""));

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
    void pausedScheduleDoesNotFireAndAResumedOneGoesOnFromNow() {
        // given
        var schedule = create("\"every\": \"PT1S\"");
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
    void runFiresNowBesideThePlanAlsoWhilePaused() {
        // given
        var schedule = create("\"cron\": \"@yearly\"");
        var planned = api.post(path(schedule) + "/pause", "").body();

        // when
        var run = api.post(path(schedule) + "/run", "", "Idempotency-Key", "run-" + mark);
        var again = api.post(path(schedule) + "/run", "", "Idempotency-Key", "run-" + mark);

        // then
        assertThat(run.status()).isEqualTo(202);
        var id = run.body().path("id").asText();
        assertThat(run.header("Location")).isEqualTo("/v1/jobs/" + id);
        assertThat(again.status()).isIn(200, 202);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.body().path("id").asText()).isEqualTo(id);
        var job = api.await(id);
        assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("labels").path("schedule").asText()).isEqualTo("name " + mark);
        assertThat(job.path("labels").has("scheduledFor")).isFalse();
        var after = api.get(path(schedule)).body();
        assertThat(after.path("lastJob").asText()).isEqualTo(id);
        assertThat(after.path("state")).isEqualTo(planned.path("state"));
        assertThat(api.post(path(schedule) + "/run", "", "Idempotency-Key", "x".repeat(129))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void tickIsAJobThatSucceeds() {
        // given
        var schedule = create("\"cron\": \"* * * * * *\"");
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
        assertThat(job.path("labels").path("schedule").asText()).isEqualTo("name " + mark);
        assertThat(job.path("labels").path("scheduledFor").asText()).isEqualTo(first.toString());
        assertThat(Duration.between(first, Instant.parse(job.path("createdAt").asText())))
                .isBetween(Duration.ZERO, Duration.ofSeconds(5));
    }

    @Test
    void scheduleWhoseJobsFailIsOverdueUntilOneSucceeds() {
        // given: there is no such repository
        var repository = "r" + mark;
        var schedule = create("\"every\": \"PT2S\", \"expectWithin\": \"PT3S\"", backup(repository));
        assertThat(schedule.path("expectedBy").asText())
                .isEqualTo(times(schedule).getFirst().plusSeconds(3).toString());

        // then
        slowly().until(() -> isOverdue(schedule));
        assertThat(Instant.parse(
                        api.get(path(schedule)).body().path("expectedBy").asText()))
                .isBefore(Instant.now());
        slowly().until(() -> house.metric("schedules_overdue") >= 1);

        // and when there is one
        assertThat(api.post("/v1/repositories", "{\"name\": \"" + repository + "\"}")
                        .status())
                .isEqualTo(201);
        slowly().until(() -> !isOverdue(schedule));
        slowly().until(() -> house.metric("schedules_overdue") == 0);
    }

    private boolean isOverdue(JsonNode schedule) {
        return api.get(path(schedule)).body().path("overdue").asBoolean();
    }

    private static String backup(String repository) {
        return """
                {"type": "backup", "payload": {"repository": "%s",
                 "source": {"kind": "inline", "name": "a.txt", "contentBase64": "aGVsbG8="}}}""".formatted(repository);
    }

    /** They are looked at every fifteen seconds. */
    private static ConditionFactory slowly() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500));
    }

    @Test
    void pagesShowEveryScheduleOnceNewestFirst() {
        var tenant = api.as(house.key("pages-" + mark, "jobs:read", "jobs:write"));
        for (var i = 0; i < 5; i++) {
            var answer = tenant.post(SCHEDULES, body("\"cron\": \"@yearly\"").replace("name " + mark, "page " + i));
            assertThat(answer.status()).isEqualTo(201);
        }

        var names = new ArrayList<String>();
        var cursor = "";
        do {
            var page = tenant.get(SCHEDULES + "?limit=2" + cursor).body();
            assertThat(page.path("items").size()).isBetween(1, 2);
            names.addAll(page.path("items").findValuesAsText("name"));
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());

        assertThat(names).containsExactly("page 4", "page 3", "page 2", "page 1", "page 0");
        tenant.get(SCHEDULES).body().path("items").forEach(item -> delete(tenant, path(item)));
        assertThat(tenant.get(SCHEDULES).body().path("items")).isEmpty();
    }

    private JsonNode create(String fields) {
        return create(fields, job());
    }

    private JsonNode create(String fields, String job) {
        var answer = api.post(SCHEDULES, body(fields, job));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        made.add(path(answer.body()));
        return answer.body();
    }

    private String body(String fields) {
        return body(fields, job());
    }

    private String body(String fields, String job) {
        return "{\"name\": \"name %s\", \"job\": %s%s}".formatted(mark, job, fields.isEmpty() ? "" : ", " + fields);
    }

    private static String withJob(String job) {
        return "{\"name\": \"x\", \"cron\": \"@daily\", \"job\": %s}".formatted(job);
    }

    private String job() {
        return "{\"type\": \"registration\", \"labels\": {\"team\": \"core\"},"
                + " \"payload\": {\"username\": \"u%1$s\", \"email\": \"u%1$s@example.org\"}}".formatted(mark);
    }

    private void invalid(String json, String... pointers) {
        var answer = api.post(SCHEDULES, json);
        assertThat(answer.status()).as(json).isEqualTo(422);
        assertThat(answer.body().path("type").asText()).as(json).isEqualTo("/problems/invalid-request");
        assertThat(answer.pointers()).as(json).containsExactlyInAnyOrder(pointers);
    }

    private static Answer put(Api api, String path, String json) {
        return api.send(
                api.request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    private static int delete(Api api, String path) {
        return api.send(api.request(path).DELETE()).status();
    }

    private static String path(JsonNode schedule) {
        return SCHEDULES + "/" + schedule.path("id").asText();
    }

    private static List<Instant> times(JsonNode schedule) {
        var times = new ArrayList<Instant>();
        schedule.path("nextFireTimes").forEach(time -> times.add(Instant.parse(time.asText())));
        return times;
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100));
    }
}
