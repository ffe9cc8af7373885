package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.KeepPolicy.Age;
import org.junit.jupiter.api.Test;

class KeepRulesTest {

    @Test
    void agesAreThoseOfIso8601() {
        assertThat(KeepRules.age("P30D")).isEqualTo(new Age(0, 0, 30, 0));
        assertThat(KeepRules.age("P1Y6M2W3D")).isEqualTo(new Age(1, 6, 17, 0));
        assertThat(KeepRules.age("PT36H")).isEqualTo(new Age(0, 0, 0, 36));
        assertThat(KeepRules.age("P2DT12H")).isEqualTo(new Age(0, 0, 2, 12));
    }
}
