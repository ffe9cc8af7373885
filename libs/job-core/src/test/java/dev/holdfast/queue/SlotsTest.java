package dev.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private final Slots slots = new Slots(32);

    @Test
    void asManyAreTakenAsAreWantedAndFree() throws Exception {
        assertThat(slots.acquire(10)).isEqualTo(10);
        assertThat(slots.acquire(10)).isEqualTo(10);
        assertThat(slots.acquire(10)).isEqualTo(10);
        assertThat(slots.acquire(10)).isEqualTo(2);
    }

    @Test
    void whoFindsNoneWaitsForTheNextThatIsGivenBack() throws Exception {
        slots.acquire(32);
        var taken = new CountDownLatch(1);
        var waiting = Thread.startVirtualThread(() -> {
            try {
                slots.acquire(1);
                taken.countDown();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(waiting.join(Duration.ofMillis(50))).as("ended").isFalse();
        slots.release(1);

        assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void throttleHalvesThemAndThoseThatMeetItTogetherAreOne() {
        slots.throttled();
        slots.throttled();

        assertThat(slots.limit()).isEqualTo(16);
    }

    @Test
    void everyRoundOfWorkAddsOneUntilAllAreThereAgain() throws Exception {
        slots.throttled();

        for (var i = 0; i < 17; i++) slots.worked();
        assertThat(slots.limit()).isEqualTo(17);
        for (var i = 0; i < 1_000; i++) slots.worked();

        assertThat(slots.limit()).isEqualTo(32);
        assertThat(slots.acquire(10)).isEqualTo(10);
    }

    @Test
    void thereIsAlwaysOne() {
        var one = new Slots(1);

        one.throttled();

        assertThat(one.limit()).isEqualTo(1);
    }
}
