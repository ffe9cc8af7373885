package dev.holdfast.restic.format;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class DecoderFuzzTest {
    @Test
    void changedBytesGiveANamedErrorAndNothingElse() {
        var fuzz = new DecoderFuzz(1);
        Assertions.assertTimeout(Duration.ofMinutes(1), () -> {
            for (int i = 0; i < 2_000; i++) fuzz.round();
        });
    }
}
