package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tests.faults.Recorder.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The queue repeats, refuses, forgets, or carries what nobody can read. */
class FaultsQueueIT {

    private static final Duration BOUND = Duration.ofSeconds(90);

    /** The last entry of a full batch: entries are numbered from 0. */
    private static final String FULL_BATCH = "\"Id\":\"9\"";

    private static final String FOUR_OR_MORE = "\"Id\":\"3\"";

    private final FaultHouse house = FaultHouse.shared();
    private final Recorder recorder = new Recorder(house.house.api);
    private final Tables tables = new Tables(house.house);

    @BeforeEach
    void heal() {
        house.heal();
    }

    @AfterEach
    void close() {
        house.heal();
        tables.purge("quick");
        tables.close();
    }

    @Test
    @DisplayName("F6: of the same message in several hands one claim wins, and the others come back later")
    void sameMessageForSeveralWorkers() {
        FaultHouse.arm(
                house.workers(Proxies::dynamodb),
                Rule.on("TransactWriteItems").then(new Fault.Delay(Duration.ofSeconds(2))));

        var ids = new ArrayList<String>();
        for (var i = 0; i < 10; i++) {
            var id = recorder.accepted(Registration.of("f6-" + i));
            for (var copy = 0; copy < 3; copy++) tables.duplicate("quick", id);
            ids.add(id);
        }

        Checker.check(house, recorder, BOUND).assertHeld("F6");
        assertThat(ids).allSatisfy(id -> assertThat(tables.job(id)).returns(1L, JobRow::fence));
    }

    @Test
    @DisplayName("F10: of a batch of which three entries are not taken the seven others are promised")
    void partOfABatchIsNotSent() throws Exception {
        var partly = house.of("ingest")
                .sqs()
                .arm(Rule.on("SendMessageBatch").containing(FULL_BATCH).next(1).then(new Fault.PartialBatchFailure(3)));

        var answers = submitTogether("f10", 60);

        assertThat(partly.struck()).as("a full batch was sent").isEqualTo(1);
        var refused = answers.stream().filter(answer -> !answer.promised()).toList();
        System.out.println("F10: " + refused.size() + " of 60 callers were told to try again");
        assertThat(refused).hasSizeLessThanOrEqualTo(3);
        for (var answer : refused) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(recorder.submit(answer.request(), answer.key().orElseThrow())
                            .promised())
                    .isTrue();
        }
        Checker.check(house, recorder, BOUND).assertHeld("F10");
    }

    @Test
    @DisplayName("F10: of a batch of deletions of which three fail only those are repeated")
    void partOfABatchIsNotDeleted() throws Exception {
        var before = deletes();
        var partly = FaultHouse.arm(
                house.workers(Proxies::sqs),
                Rule.on("DeleteMessageBatch").containing(FOUR_OR_MORE).next(1).then(new Fault.PartialBatchFailure(3)));

        submitTogether("f10-delete", 100);

        Checker.check(house, recorder, BOUND).assertHeld("F10 (deletions)");
        assertThat(partly.struck()).as("a batch was deleted in part").isEqualTo(1);
        assertThat(deletes() - before).as("single deletions").isEqualTo(3);
    }

    @Test
    @DisplayName("F13: what nobody can read is set aside on first sight, with the reason, and holds nobody up")
    void garbageOnTheQueue() {
        tables.send("quick", "garbage");
        tables.send("quick", "{\"v\":1}");
        tables.duplicate("quick", "00000000-0000-8000-8000-000000000000");
        recorder.accepted(Registration.of("f13"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(tables.deadLetters())
                        .containsExactlyInAnyOrder("not a job message", "not a job message", "no such job"));
        tables.clearDeadLetters();
        Checker.check(house, recorder, BOUND).assertHeld("F13");
    }

    @Test
    @DisplayName("F24: a message of a later payload waits, its job unclaimed, for a worker that knows it")
    void payloadOfALaterVersion() {
        var id = recorder.accepted(Registration.of("f24")
                .withOption("notBefore", Instant.now().plusSeconds(20).toString()));

        tables.duplicate("quick", id, 99);

        await("the message is looked at and given back")
                .atMost(Duration.ofSeconds(18))
                .until(() -> tables.hidden("quick") == 1);
        assertThat(tables.job(id).fence()).isZero();
        await().atMost(BOUND).until(() -> tables.job(id).state().isFinal());
        await("only the later message is left").until(() -> tables.messages("quick") == 1);
        tables.purge("quick");
        Checker.check(house, recorder, BOUND).assertHeld("F24");
    }

    @Test
    @DisplayName("F21: while SQS is away work in hand ends, and what comes again afterwards is absorbed")
    void queueIsAway() throws Exception {
        var failedBefore = Meters.sum(house.workers(), "job_attempts_failed_total");
        var slow = FaultHouse.arm(
                house.workers(Proxies::dynamodb),
                Rule.on("TransactWriteItems").then(new Fault.Delay(Duration.ofSeconds(3))));
        submitTogether("f21", 30);
        await().atMost(BOUND).until(() -> slow.struck() >= 30);

        var away = FaultHouse.arm(house.workers(Proxies::sqs), Rule.onAny().cutBefore());
        var ids = recorder.promised();
        await().atMost(BOUND)
                .until(() -> tables.jobs(ids).values().stream()
                        .allMatch(row -> row.state().isFinal()));
        await().atMost(BOUND).pollDelay(Duration.ofSeconds(12)).until(() -> true); // beyond the messages' visibility
        away.lift();

        Checker.check(house, recorder, BOUND).assertHeld("F21");
        assertThat(Meters.sum(house.workers(), "job_attempts_failed_total"))
                .as("attempts that failed: an end that cannot be told is not one")
                .isEqualTo(failedBefore);
        System.out.println("F21: " + away.struck() + " calls were cut, "
                + Meters.sum(house.workers(), "duplicates_absorbed_total") + " duplicates absorbed");
    }

    private int deletes() {
        return house.workers(Proxies::sqs).stream()
                .mapToInt(proxy -> proxy.calls("DeleteMessage"))
                .sum();
    }

    private List<Answered> submitTogether(String name, int number) throws Exception {
        var answers = new ArrayList<Future<Answered>>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < number; i++) {
                var user = name + "-" + i;
                answers.add(clients.submit(() -> recorder.submit(Registration.of(user), user)));
            }
        }
        var all = new ArrayList<Answered>();
        for (var answer : answers) all.add(answer.get());
        return all;
    }
}
