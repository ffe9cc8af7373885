package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.ReadData;
import dev.holdfast.restic.Checker.ReadData.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class CheckHandlerTest {

    @Test
    void samplesOfThirtyDaysAreAllParts() {
        var parts = new HashSet<Object>();
        for (var day = 0; day < 30; day++) {
            var now = Instant.parse("2026-11-27T23:59:59Z").plus(Duration.ofDays(day));
            parts.add(CheckHandler.part(ReadData.SAMPLE, now));
        }

        assertThat(parts).hasSize(30).contains(new Part(0, 30), new Part(29, 30));
    }
}
