package dev.holdfast.ingest.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ingest.access.AuditLog.Entry;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditLogTest {

    @Test
    void recordIsReadAsItWasWritten() {
        var entry = new Entry(
                "acme",
                "1795600000000#00000000000000ff",
                Instant.ofEpochMilli(1_795_600_000_000L),
                "hf_abcd1234",
                "local",
                "dead-letters.redrive",
                Map.of("lane", "quick"),
                Map.of("matched", "3"));

        assertThat(Entry.of(entry.item("AUDIT#acme"))).isEqualTo(entry);
    }
}
