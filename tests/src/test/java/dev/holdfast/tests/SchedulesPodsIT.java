package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.dynamo.Item;
import dev.holdfast.local.ProcessSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Three ingest processes, none of which leads. {@code -Dholdfast.test.schedules.seconds=120} lets them fire for two
 * minutes.
 */
class SchedulesPodsIT {

    private static final Duration LENGTH =
            Duration.ofSeconds(Integer.getInteger("holdfast.test.schedules.seconds", 24));

    private static final House HOUSE = House.start(options -> options.without("worker", "notify"));
    private static final DynamoDbClient DYNAMO = Cloud.dynamo();

    @BeforeAll
    static void addPods() {
        HOUSE.stack.addIngest();
        HOUSE.stack.addIngest();
    }

    @AfterAll
    static void close() {
        HOUSE.close();
        DYNAMO.close();
    }

    @Test
    void everyTickFiresOnceThoughAPodDies() {
        // given
        var cron = create("cron", "\"cron\": \"* * * * * *\"");
        var rate = create("rate", "\"every\": \"PT1S\"");
        var skip = create("skip", "\"cron\": \"* * * * * *\", \"overlap\": \"skip\"");
        pass(LENGTH.dividedBy(2));

        // when
        HOUSE.stack.service("ingest-2").send(ProcessSignal.KILL);
        pass(LENGTH.dividedBy(2));

        // then
        for (var schedule : List.of(cron, rate, skip)) act(schedule, "pause");
        var paused = Instant.now();
        pass(Duration.ofSeconds(3));
        assertThat(HOUSE.stack.service("ingest-2").isAlive()).isFalse();
        for (var schedule : List.of(cron, rate)) {
            var ticks = ticks(schedule);
            System.out.println("three pods, one killed: " + ticks.figures());
            assertThat(ticks.times()).isEqualTo(ticks.expected());
            assertThat(ticks.times().getLast()).isAfter(paused.minusSeconds(4));
            assertThat(ticks.times()).hasSizeGreaterThanOrEqualTo((int) LENGTH.toSeconds() - 4);
        }
        assertThat(ticks(skip).times())
                .as("the job of the first tick waits for a worker")
                .hasSize(1);

        // and each is one job that is run once
        HOUSE.stack.addWorker();
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(ticks(cron).fired())
                        .allMatch(tick -> tick.state().isFinal()));
        assertThat(ticks(cron).fired()).allMatch(tick -> tick.runs() == 1);
    }

    @Test
    void monthOfDowntimeIsCaughtUpWithAsAsked() {
        // given: they would fire in two hours; then, all processes were down for thirty days
        var hour =
                Instant.now().plus(2, ChronoUnit.HOURS).atZone(ZoneOffset.UTC).getHour();
        var schedules = Stream.of("none", "latest", "all")
                .map(policy -> create(policy, "\"cron\": \"0 %d * * *\", \"catchUp\": \"%s\"".formatted(hour, policy)))
                .toList();
        var next = Instant.parse(schedules.getFirst().path("nextFireAt").asText());

        // when
        for (var schedule : schedules) setBack(schedule, next.minus(30, ChronoUnit.DAYS));

        // then
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> schedules.stream()
                        .allMatch(schedule -> shown(schedule).path("nextFireAt").equals(schedule.path("nextFireAt"))));
        assertThat(ticks(schedules.get(0)).times()).isEmpty();
        assertThat(ticks(schedules.get(1)).times()).containsExactly(next.minus(1, ChronoUnit.DAYS));
        var first = LocalDate.ofInstant(next, ZoneOffset.UTC).minusDays(30);
        assertThat(ticks(schedules.get(2)).times())
                .containsExactlyElementsOf(first.datesUntil(first.plusDays(30))
                        .map(day -> day.atTime(hour, 0).toInstant(ZoneOffset.UTC))
                        .toList());
    }

    private static JsonNode create(String name, String fields) {
        var answer = HOUSE.api.post("/v1/schedules", """
                {"name": "%s", %s,
                 "job": {"type": "registration", "payload": {"username": "%s", "email": "%s@example.org"}}}""".formatted(name, fields, name, name));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }

    private static void act(JsonNode schedule, String action) {
        assertThat(HOUSE.api
                        .post("/v1/schedules/" + schedule.path("id").asText() + "/" + action, "")
                        .status())
                .isEqualTo(200);
    }

    private static JsonNode shown(JsonNode schedule) {
        return HOUSE.api.get("/v1/schedules/" + schedule.path("id").asText()).body();
    }

    private static void setBack(JsonNode schedule, Instant nextFireAt) {
        DYNAMO.updateItem(update -> update.tableName(HOUSE.table("schedules"))
                .key(Item.key("id", schedule.path("id").asText()))
                .updateExpression("SET nextFireAt = :at")
                .expressionAttributeValues(Item.empty().with(":at", nextFireAt).attributes()));
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    private static Ticks ticks(JsonNode schedule) {
        return Ticks.read(
                HOUSE,
                schedule.path("name").asText(),
                Instant.parse(schedule.path("nextFireAt").asText()));
    }
}
