package dev.holdfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobType;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final Admission admission = new Admission(8, () -> now, Duration.ofMillis(1));

    @Test
    void backlogOfOneTypeMayHoldAllSlots() throws Exception {
        assertThat(enter(JobType.BACKUP, "acme", 9)).isEqualTo(8);
    }

    @Test
    void typeLeavesAQuarterToTheOthersWhileThereAreAny() throws Exception {
        assertThat(enter(JobType.RESTORE, "acme", 1)).isEqualTo(1);
        assertThat(enter(JobType.BACKUP, "acme", 9)).isEqualTo(6);
    }

    @Test
    void typeOfAnotherLaneTakesNothingAway() throws Exception {
        assertThat(enter(JobType.REGISTRATION, "acme", 1)).isEqualTo(1);
        assertThat(enter(JobType.BACKUP, "acme", 9)).isEqualTo(8);
    }

    @Test
    void messageWaitsAMomentForAPlace() throws Exception {
        var patient = new Admission(1, () -> now, Duration.ofMinutes(1));
        var place = patient.enter(JobType.BACKUP, "acme").orElseThrow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var second = threads.submit(() -> patient.enter(JobType.BACKUP, "acme"));
            assertThat(second).isNotDone();

            place.close();

            assertThat(second.get()).isPresent();
        }
    }

    @Test
    void tenantLeavesAQuarterToTheOthersWhileThereAreAny() throws Exception {
        assertThat(enter(JobType.REGISTRATION, "quiet", 1)).isEqualTo(1);
        assertThat(enter(JobType.REGISTRATION, "noisy", 9)).isEqualTo(6);
    }

    @Test
    void messageWithoutAPlaceComesAgainSoonAtFirstAndUsesUpItsReceivesInHalfADay() {
        var random = new SplittableRandom(1);
        assertThat(Admission.comesAgain(1, random)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(Admission.comesAgain(8, random)).isBetween(Duration.ofMillis(3_200), Duration.ofMillis(6_400));
        assertThat(Admission.comesAgain(200, random)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));

        var waited = IntStream.rangeClosed(1, 200)
                .mapToObj(receives -> Admission.comesAgain(receives, random))
                .reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isGreaterThan(Duration.ofHours(12));
    }

    @Test
    void tenantThatWasNotSeenForAMinuteIsForgotten() throws Exception {
        admission.enter(JobType.REGISTRATION, "quiet").orElseThrow().close();

        now = now.plusSeconds(60);
        assertThat(enter(JobType.REGISTRATION, "noisy", 9)).isEqualTo(6);
        now = now.plusMillis(1);

        assertThat(enter(JobType.REGISTRATION, "noisy", 9)).isEqualTo(2);
    }

    @Test
    void placeIsGivenBackOnce() throws Exception {
        var place = admission.enter(JobType.REGISTRATION, "acme").orElseThrow();
        enter(JobType.REGISTRATION, "acme", 7);

        place.close();
        place.close();

        assertThat(enter(JobType.REGISTRATION, "acme", 9)).isEqualTo(1);
    }

    /** How many of so many find a place. */
    private int enter(JobType type, String tenant, int times) throws InterruptedException {
        var entered = 0;
        for (var i = 0; i < times; i++) {
            if (admission.enter(type, tenant).isPresent()) entered++;
        }
        return entered;
    }
}
