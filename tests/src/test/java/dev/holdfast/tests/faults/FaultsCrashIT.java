package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobState;
import dev.holdfast.tests.faults.Recorder.Expected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Jobs that break what runs them. */
class FaultsCrashIT {

    private static final Duration BOUND = Duration.ofSeconds(90);

    /** What the others may wait for their first run while the pods around them crash twice. */
    private static final double LONGEST_WAIT_SECONDS = 2 * 8;

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
    @DisplayName("F14: a job that crashes its process every time is quarantined, and the jobs beside it are not")
    void jobThatCrashesItsProcess() {
        house.addProbe();
        house.addProbe();

        var others = others("f14");
        var killer = crashing(Registration.of("f14-killer")
                .with(ProbeOrders.STEPS, 3)
                .with(ProbeOrders.STEP_MILLIS, 300)
                .with(ProbeOrders.HALT_AT, 3));

        Checker.check(house, recorder, BOUND, Probes.RECOVERY).assertHeld("F14");
        assertQuarantined(killer);
        assertOthersDidNotWait("F14", others);
    }

    @Test
    @DisplayName("F18: a job that takes all memory is quarantined, and the jobs beside it are not")
    void jobThatTakesAllMemory() {
        for (var i = 0; i < 2; i++) house.addProbe(Duration.ZERO, List.of("-XX:+ExitOnOutOfMemoryError"), Map.of());

        var others = others("f18");
        var killer = crashing(Registration.of("f18-killer")
                .with(ProbeOrders.STEPS, 3)
                .with(ProbeOrders.STEP_MILLIS, 300)
                .with(ProbeOrders.EXHAUST_AT, 3));

        Checker.check(house, recorder, BOUND, Probes.RECOVERY).assertHeld("F18");
        assertQuarantined(killer);
        assertOthersDidNotWait("F18", others);
    }

    @Test
    @DisplayName("F15: a handler that hangs is stopped at its type's time limit, and its slot comes back")
    void handlerThatHangs() {
        // one slot: nobody works beside it whom the jump of the clock would stop too, and the others need this one
        house.addProbe(Duration.ZERO, List.of(), Map.of("HOLDFAST_QUEUE_SLOTS", "1"));

        var hangs = recorder.accepted(Registration.of("f15-hangs")
                .with(ProbeOrders.STEPS, 1)
                .with(ProbeOrders.CLOCK_JUMP_SECONDS, Duration.ofMinutes(3).toSeconds())
                .with(ProbeOrders.HANG_AT, 1)
                .withOption("maxAttempts", 1));
        recorder.expect(hangs, new Expected(JobState.FAILED, 1, 0));
        for (var i = 0; i < 4; i++) recorder.accepted(Registration.of("f15-" + i));

        Checker.check(house, recorder, BOUND, Probes.RECOVERY).assertHeld("F15");
        assertThat(tables.job(hangs).error()).contains("attempts-exhausted", "limit of its type");
    }

    private String crashing(Registration registration) {
        var id = recorder.accepted(registration);
        recorder.expect(id, new Expected(JobState.FAILED, 1, 2));
        return id;
    }

    /** Jobs that are in work when their process crashes for the first time, and again when it does for the second. */
    private List<String> others(String name) {
        var others = new ArrayList<String>();
        for (var i = 0; i < 20; i++) {
            others.add(recorder.accepted(
                    Registration.of(name + "-" + i).with(ProbeOrders.STEPS, 4).with(ProbeOrders.STEP_MILLIS, 300)));
        }
        return others;
    }

    private void assertQuarantined(String id) {
        assertThat(tables.job(id).error()).contains("quarantined");
        assertThat(tables.job(id).crashes()).isEqualTo(2);
    }

    private void assertOthersDidNotWait(String fault, List<String> others) {
        var waits = others.stream()
                .map(tables::job)
                .map(row -> Duration.between(row.createdAt(), row.startedAt().orElseThrow())
                                .toMillis()
                        / 1_000.0)
                .toList();
        System.out.println(fault + " wait of the others for their first run: " + TimeCheck.spread(waits));
        assertThat(TimeCheck.percentile(waits, 0.99)).isLessThan(LONGEST_WAIT_SECONDS);
    }
}
