package dev.holdfast.worker.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FileNamesTest {

    @Test
    void ordinaryNamesStayAsTheyAre() {
        assertThat(FileNames.of("order_items-2026")).isEqualTo("order_items-2026");
        assertThat(FileNames.of("Bücher")).isEqualTo("Bücher");
    }

    @Test
    void whatCouldLeadElsewhereOrNeedsQuotesIsEscaped() {
        assertThat(FileNames.of("..")).isEqualTo("%2E%2E");
        assertThat(FileNames.of("a/b\\c")).isEqualTo("a%2Fb%5Cc");
        assertThat(FileNames.of("it's 100%")).isEqualTo("it%27s%20100%25");
        assertThat(FileNames.of("a\nb☃")).isEqualTo("a%0Ab%E2%98%83");
    }

    @Test
    void theLongestNameFits() {
        var file = FileNames.of("'".repeat(63)) + ".sql";

        assertThat(file.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(256);
    }
}
