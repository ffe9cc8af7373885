package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.local.ProcessSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two workers have one job: one of them does not know that it has lost it. Only the fence keeps them apart. */
class FaultsZombieIT {

    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final Registration LONG =
            Registration.of("long").with(ProbeOrders.STEPS, 40).with(ProbeOrders.STEP_MILLIS, 250);

    private final FaultHouse house = FaultHouse.forProbes();
    private final Recorder recorder = new Recorder(house.house.api);
    private final Tables tables = new Tables(house.house);

    @BeforeEach
    void heal() {
        house.heal();
    }

    @AfterEach
    void close() {
        house.removeProbes();
        house.heal();
        tables.purge("quick");
        tables.close();
    }

    @Test
    @DisplayName("F7: a worker frozen in work and thawed while the next run works writes nothing any more")
    void frozenWorkerWakesUpBesideItsSuccessor() {
        var zombie = house.addProbe();
        var id = recorder.accepted(LONG.named("f7"));
        awaitStep(id, 1, 3);

        zombie.send(ProcessSignal.STOP);
        recorder.died(zombie.name());
        house.addProbe();
        awaitStep(id, 2, 3);
        zombie.send(ProcessSignal.CONT);

        check("F7");
        assertThat(tables.job(id)).returns(2L, JobRow::fence).returns(1, JobRow::crashes);
        assertThat(steps(id, 1)).as("steps of the run that was frozen").isLessThan(40);
        assertThat(steps(id, 2)).as("steps of the run that took over").isEqualTo(40);
    }

    @Test
    @DisplayName("F8: a worker cut off from SQS goes on under its lease, and nobody runs the job beside it")
    void workerCutOffFromItsQueue() {
        var deaf = house.addProbe();
        var id = recorder.accepted(LONG.named("f8"));
        awaitStep(id, 1, 3);

        var cut = house.of(deaf).sqs().arm(Rule.onAny().cutBefore());
        house.addProbe();
        awaitStep(id, 1, 40);
        cut.lift();

        check("F8");
        assertThat(cut.struck()).as("calls that were cut").isPositive();
        assertThat(tables.job(id)).returns(1L, JobRow::fence).returns(0, JobRow::crashes);
    }

    @Test
    @DisplayName("F8: a worker cut off from its table writes nothing after its lease, also when the way is free again")
    void workerCutOffFromItsTable() {
        var deaf = house.addProbe();
        var id = recorder.accepted(LONG.named("f8-table"));
        awaitStep(id, 1, 3);

        var cut = house.of(deaf).dynamodb().arm(Rule.onAny().cutBefore());
        house.addProbe();
        awaitStep(id, 2, 3);
        cut.lift();

        check("F8 (table)");
        assertThat(tables.job(id).fence()).isEqualTo(2);
    }

    @Test
    @DisplayName("F9: a clock that is five minutes fast takes a job too early, and still nothing happens twice")
    void clockThatIsFast() {
        house.addProbe();
        var id = recorder.accepted(LONG.named("f9-fast"));
        awaitStep(id, 1, 3);

        house.addProbe(Duration.ofMinutes(5), List.of(), Map.of());
        duplicateUntilTakenOver(id);

        await().atMost(BOUND).until(() -> tables.job(id).state().isFinal());
        tables.purge("quick"); // who met the fast clock's lease comes back in five minutes
        check("F9 (fast)");
        System.out.println("F9 (fast): the job had " + tables.job(id).fence() + " runs");
    }

    @Test
    @DisplayName("F9: a clock that is five minutes slow loses its job at once, and still nothing happens twice")
    void clockThatIsSlow() {
        house.addProbe(Duration.ofMinutes(-5), List.of(), Map.of());
        var id = recorder.accepted(LONG.named("f9-slow"));
        awaitStep(id, 1, 3);

        house.addProbe();
        duplicateUntilTakenOver(id);

        await().atMost(BOUND).until(() -> tables.job(id).state().isFinal());
        tables.purge("quick"); // who lost the job comes back in a minute
        check("F9 (slow)");
        System.out.println("F9 (slow): the job had " + tables.job(id).fence() + " runs");
    }

    /** Shows the job to whoever receives next, again and again, until one takes it away from its run. */
    private void duplicateUntilTakenOver(String id) {
        await("take-over").atMost(BOUND).pollInterval(Duration.ofMillis(300)).until(() -> {
            tables.duplicate("quick", id);
            return tables.job(id).fence() > 1;
        });
    }

    private void check(String fault) {
        Checker.check(house, recorder, BOUND, Probes.RECOVERY).assertHeld(fault);
    }

    private void awaitStep(String id, long fence, int steps) {
        await("step " + steps + " under fence " + fence).atMost(BOUND).until(() -> steps(id, fence) >= steps);
    }

    private long steps(String id, long fence) {
        return tables.effects().getOrDefault(id, List.of()).stream()
                .filter(entry -> entry.fence() == fence)
                .count();
    }
}
