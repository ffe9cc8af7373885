package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.job.JobState;
import dev.holdfast.local.ProcessSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Workers die, exactly where it hurts. */
class FaultsWorkerIT {

    private static final Duration BOUND = Duration.ofSeconds(90);

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
        tables.close();
    }

    @Test
    @DisplayName("F1: a worker killed before the first effect is replaced within its lease")
    void workerKilledBeforeTheFirstEffect() {
        FaultHouse.arm(
                house.workers(Proxies::dynamodb),
                Rule.on("TransactWriteItems").next(1).insteadDo(worker -> house.kill(worker, recorder)));

        var id = recorder.accepted(Registration.of("f1"));

        Checker.check(house, recorder, BOUND).assertHeld("F1");
        assertThat(recorder.deaths()).hasSize(1);
        assertThat(tables.job(id)).returns(2L, JobRow::fence).returns(1, JobRow::crashes);
    }

    @Test
    @DisplayName("A job whose item arrives damaged is not given up, for it is read again")
    void damagedAnswerIsReadAgain() {
        FaultHouse.arm(
                house.workers(Proxies::dynamodb),
                Rule.on("UpdateItem")
                        .next(1)
                        .then(new Fault.Rewrite(answer -> answer.replace("\"attempt\"", "\"atdempt\""))));

        var id = recorder.accepted(Registration.of("damaged"));

        Checker.check(house, recorder, Duration.ofSeconds(150)).assertHeld("a damaged answer");
        assertThat(tables.job(id)).returns(2L, JobRow::fence);
    }

    @Test
    @DisplayName("F2: a worker killed between effect and finish leaves an effect that the next run adopts")
    void workerKilledBetweenEffectAndFinish() {
        FaultHouse.arm(
                house.workers(Proxies::dynamodb),
                Rule.on("UpdateItem")
                        .containing("SUCCEEDED")
                        .next(1)
                        .insteadDo(worker -> house.kill(worker, recorder)));

        var id = recorder.accepted(Registration.of("f2"));

        Checker.check(house, recorder, BOUND).assertHeld("F2");
        assertThat(recorder.deaths()).hasSize(1);
        assertThat(tables.job(id)).returns(2L, JobRow::fence).returns(1, JobRow::crashes);
    }

    @Test
    @DisplayName("F3: a worker killed between finish and delete leaves a message that is absorbed")
    void workerKilledBetweenFinishAndDelete() {
        var absorbed = Meters.sum(house.workers(), "duplicates_absorbed_total");
        FaultHouse.arm(
                house.workers(Proxies::sqs),
                Rule.on("DeleteMessageBatch").next(1).insteadDo(worker -> house.kill(worker, recorder)));

        var id = recorder.accepted(Registration.of("f3"));

        await().atMost(BOUND).until(() -> !recorder.deaths().isEmpty());
        assertThat(tables.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        Checker.check(house, recorder, BOUND).assertHeld("F3");
        assertThat(tables.job(id)).returns(1L, JobRow::fence).returns(0, JobRow::crashes);
        System.out.println("F3 duplicates absorbed before=" + absorbed + " after="
                + Meters.sum(house.workers(), "duplicates_absorbed_total"));
    }

    @Test
    @DisplayName("F19: workers that are restarted one after the other under load lose nothing and spend no attempt")
    void rollingRestart() throws Exception {
        try (var clients = Executors.newFixedThreadPool(4)) {
            for (var i = 0; i < 300; i++) {
                var user = "f19-" + i;
                clients.execute(() -> recorder.submit(Registration.of(user), user));
            }
            for (var worker : house.workers()) {
                var handle = worker.handle();
                worker.send(ProcessSignal.TERM);
                handle.onExit().get(20, TimeUnit.SECONDS);
                FaultHouse.awaitReady(worker);
            }
        }

        Checker.check(house, recorder, BOUND).assertHeld("F19");
        assertThat(tables.jobs(recorder.promised()).values())
                .hasSize(300)
                .allSatisfy(row -> assertThat(row.crashes()).isZero());
    }

    @Test
    @DisplayName("F20: a second SIGTERM, or one during the start, ends a worker cleanly and soon")
    void terminatedTwiceAndTooEarly() throws Exception {
        FaultHouse.arm(
                house.workers(Proxies::dynamodb),
                Rule.on("TransactWriteItems").next(4).then(new Fault.Delay(Duration.ofSeconds(3))));
        for (var i = 0; i < 4; i++) recorder.accepted(Registration.of("f20-" + i));
        var worker = house.workers().getFirst();
        var working = worker.handle();
        await().until(() -> Meters.sum(house.workers(), "slots_busy") > 0);

        var begun = Instant.now();
        worker.send(ProcessSignal.TERM);
        worker.send(ProcessSignal.TERM);
        working.onExit().get(20, TimeUnit.SECONDS);
        var ended = Instant.now();
        await().until(worker::isAlive);
        var starting = worker.handle();
        worker.send(ProcessSignal.TERM);
        starting.onExit().get(20, TimeUnit.SECONDS);

        System.out.println("F20: ended " + Duration.between(begun, ended).toMillis() + " ms after two SIGTERM, and "
                + Duration.between(ended, Instant.now()).toMillis() + " ms later once more during its start");
        Checker.check(house, recorder, BOUND).assertHeld("F20");
    }
}
