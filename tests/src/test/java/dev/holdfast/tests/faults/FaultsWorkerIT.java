package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Workers die, exactly where it hurts. */
class FaultsWorkerIT {

    private static final Duration BOUND = Duration.ofSeconds(40);

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
}
