package dev.holdfast.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.local.Packaging;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final Path DEFAULT = Path.of("/project/.holdfast");

    @Test
    void upHasDefaults() {
        assertThat(parse("up"))
                .isEqualTo(new Command.Up(DEFAULT, 8080, Optional.empty(), 2, Packaging.CACHED, Set.of()));
    }

    @Test
    void upTakesAllOptionsInBothForms() {
        assertThat(parse("up --data /d --port=9000 --aws http://127.0.0.1:4566/ --workers 3 --native"
                        + " --without ingest --without=notify"))
                .isEqualTo(new Command.Up(
                        Path.of("/d"),
                        9000,
                        Optional.of(URI.create("http://127.0.0.1:4566")),
                        3,
                        Packaging.NATIVE,
                        Set.of("ingest", "notify")));
    }

    @Test
    void logsTakesAService() {
        assertThat(parse("logs worker-1 --lines 5 --follow")).isEqualTo(new Command.Logs(DEFAULT, "worker-1", 5, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpIsFound(String argument) {
        assertThat(parse(argument)).isEqualTo(new Command.Help());
    }

    @ParameterizedTest
    @CsvSource({
        "up --prot 1,      unknown here: --prot",
        "demo --port 1,    unknown here: --port",
        "up now,           unknown here: now",
        "sideways,         there is no command sideways",
        "up --port,        --port needs a value",
        "up --port 0,      from 1 to 65000",
        "up --port x,      was x",
        "up --workers 33,  from 0 to 32",
        "up --without s3,  --without must be ingest",
        "up --aws foo,     --aws must be like",
    })
    void nonsenseIsRefusedByName(String line, String message) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageError.class).hasMessageContaining(message);
    }

    private static Command parse(String line) {
        return CommandLine.parse(List.of(line.split(" ", -1)), DEFAULT);
    }
}
