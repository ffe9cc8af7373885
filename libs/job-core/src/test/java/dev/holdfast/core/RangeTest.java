package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RangeTest {

    @Test
    void bothEndsBelongToTheRange() {
        assertThatCode(() -> Range.check("slots", 1, 1, 1_000)).doesNotThrowAnyException();
        assertThatCode(() -> Range.check("slots", 1_000, 1, 1_000)).doesNotThrowAnyException();
    }

    @Test
    void whatIsOutsideIsNamed() {
        assertThatThrownBy(() -> Range.check("slots", 0, 1, 1_000)).hasMessage("slots must be 1 to 1000, was 0");
        assertThatThrownBy(() ->
                        Range.check("wait", Duration.ofSeconds(21), Duration.ofSeconds(1), Duration.ofSeconds(20)))
                .hasMessage("wait must be 1.0s to 20.0s, was 21.0s");
    }
}
