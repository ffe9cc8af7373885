package dev.holdfast.worker.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.postgres.Contents.Table;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DumpTest {

    @Test
    void tablesAreInTheOrderOfTheirFiles() {
        var tables = Stream.of("a", "a-b", "a.b", "aa", "é", "\uFF41", "\uD840\uDC00")
                .map(name -> new Table("public", name, name, "n", ""));

        assertThat(tables.sorted(Dump.BY_FILE))
                .extracting(table -> FileNames.of(table.name()) + ".sql")
                .containsExactly("a%2Eb.sql", "a-b.sql", "a.sql", "aa.sql", "é.sql", "\uFF41.sql", "\uD840\uDC00.sql");
    }
}
