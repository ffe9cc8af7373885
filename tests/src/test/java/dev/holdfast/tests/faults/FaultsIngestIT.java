package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The door dies, or what stands behind it fails. */
class FaultsIngestIT {

    private static final Duration BOUND = Duration.ofSeconds(40);

    private final FaultHouse house = FaultHouse.shared();
    private final Recorder recorder = new Recorder(house.house.api);

    @BeforeEach
    @AfterEach
    void heal() {
        house.heal();
    }

    @Test
    @DisplayName("F4: ingest killed between put and send has promised nothing, and the same key heals the job")
    void ingestKilledBetweenPutAndSend() {
        house.of("ingest")
                .sqs()
                .arm(Rule.on("SendMessageBatch").next(1).insteadDo(ingest -> house.kill(ingest, recorder)));

        var first = recorder.submit(Registration.of("f4"), "f4");
        house.heal();
        var second = recorder.submit(Registration.of("f4"), "f4");

        assertThat(first.status()).as("no answer").isZero();
        assertThat(second.status()).isEqualTo(202);
        Checker.check(house, recorder, BOUND).assertHeld("F4");
    }

    @Test
    @DisplayName("F5: ingest killed between send and 202 leaves one job for the same key, whatever is sent twice")
    void ingestKilledBetweenSendAndAnswer() {
        house.of("ingest")
                .sqs()
                .arm(Rule.on("SendMessageBatch").next(1).afterwardsDo(ingest -> house.kill(ingest, recorder)));

        var first = recorder.submit(Registration.of("f5"), "f5");
        house.heal();
        var second = recorder.submit(Registration.of("f5"), "f5");

        assertThat(first.status()).as("no answer").isZero();
        assertThat(second.status()).isIn(200, 202);
        Checker.check(house, recorder, BOUND).assertHeld("F5");
    }
}
