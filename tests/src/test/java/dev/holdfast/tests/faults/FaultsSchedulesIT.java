package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tests.Ticks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The only ingest process dies at every step of a tick, and is started again. */
class FaultsSchedulesIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    @Test
    @DisplayName("ingest killed before and after each of a tick's three calls: every tick is one job, run once")
    void ingestKilledAtEveryStepOfATick() {
        try (var house = FaultHouse.start(options -> options.without("worker", "notify"))) {
            // given
            var made = house.house.api.post("/v1/schedules", """
                    {"name": "seconds", "every": "PT1S", "catchUp": "all",
                     "job": {"type": "registration", "payload": {"username": "s", "email": "s@example.org"}}}""");
            assertThat(made.status()).isEqualTo(201);
            var path = made.header("Location");
            var first = Instant.parse(made.body().path("nextFireAt").asText());
            var recorder = new Recorder(house.house.api);
            Consumer<String> kill = ingest -> house.kill(ingest, recorder);
            var asked = Rule.on("PutItem").containing("scheduledFor").next(1);
            var sent = Rule.on("SendMessageBatch").next(1);
            var moved = Rule.on("UpdateItem").containing("nextFireAt = :next").next(1);

            // when
            for (var rule : List.of(asked.insteadDo(kill), asked.afterwardsDo(kill), moved.insteadDo(kill))) {
                die(house, house.of("ingest").dynamodb(), rule);
            }
            die(house, house.of("ingest").dynamodb(), moved.afterwardsDo(kill));
            die(house, house.of("ingest").sqs(), sent.insteadDo(kill));
            die(house, house.of("ingest").sqs(), sent.afterwardsDo(kill));
            var caughtUp = Instant.now();
            await().atMost(BOUND)
                    .until(() -> Instant.parse(house.house
                                    .api
                                    .get(path)
                                    .body()
                                    .path("lastFireAt")
                                    .asText("1970-01-01T00:00:00Z"))
                            .isAfter(caughtUp));
            assertThat(house.house.api.post(path + "/pause", "").status()).isEqualTo(200);

            // then
            var ticks = Ticks.read(house.house, "seconds", first);
            System.out.println("six deaths of the only pod: " + ticks.figures());
            assertThat(ticks.times()).isEqualTo(ticks.expected());
            house.house.stack.addWorker();
            await().atMost(BOUND)
                    .untilAsserted(() -> assertThat(
                                    Ticks.read(house.house, "seconds", first).fired())
                            .allMatch(tick -> tick.state().isFinal() && tick.runs() == 1));
        }
    }

    /** Waits until the rule has killed ingest, and until it is back. */
    private static void die(FaultHouse house, FaultProxy proxy, Rule rule) {
        var before = house.house.stack.service("ingest").pid();
        var armed = proxy.arm(rule);
        await().atMost(BOUND)
                .until(() -> armed.struck() > 0
                        && house.house.stack.service("ingest").pid() != before);
        house.heal();
    }
}
