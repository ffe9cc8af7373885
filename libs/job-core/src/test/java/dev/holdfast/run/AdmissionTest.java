package dev.holdfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobType;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final Admission admission = new Admission(8, () -> now);

    @Test
    void onlyTypeOfItsLaneMayHoldAllSlots() {
        assertThat(enter(JobType.REGISTRATION, "acme", 9)).isEqualTo(8);
    }

    @Test
    void typeThatSharesItsLaneLeavesAQuarterToTheOthers() {
        assertThat(enter(JobType.BACKUP, "acme", 9)).isEqualTo(6);
        assertThat(enter(JobType.RESTORE, "acme", 1)).isEqualTo(1);
    }

    @Test
    void tenantLeavesAQuarterToTheOthersWhileThereAreAny() {
        assertThat(enter(JobType.REGISTRATION, "quiet", 1)).isEqualTo(1);
        assertThat(enter(JobType.REGISTRATION, "noisy", 9)).isEqualTo(6);
    }

    @Test
    void tenantThatWasNotSeenForAMinuteIsForgotten() {
        admission.enter(JobType.REGISTRATION, "quiet").orElseThrow().close();

        now = now.plusSeconds(60);
        assertThat(enter(JobType.REGISTRATION, "noisy", 9)).isEqualTo(6);
        now = now.plusMillis(1);

        assertThat(enter(JobType.REGISTRATION, "noisy", 9)).isEqualTo(2);
    }

    @Test
    void placeIsGivenBackOnce() {
        var place = admission.enter(JobType.REGISTRATION, "acme").orElseThrow();
        enter(JobType.REGISTRATION, "acme", 7);

        place.close();
        place.close();

        assertThat(enter(JobType.REGISTRATION, "acme", 9)).isEqualTo(1);
    }

    /** How many of so many find a place. */
    private int enter(JobType type, String tenant, int times) {
        var entered = 0;
        for (var i = 0; i < times; i++) {
            if (admission.enter(type, tenant).isPresent()) entered++;
        }
        return entered;
    }
}
