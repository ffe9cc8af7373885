package dev.holdfast.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
    @Test
    void aShellReadsBackWhatWasWritten(@TempDir Path folder) throws Exception {
        // given
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PLAIN", "http://127.0.0.1:8080/mailbox");
        variables.put("ODD", "it's $HOME `id` \"x\"\nnext");
        Path file = folder.resolve("holdfast.env");
        // when
        EnvFile.write(file, variables);
        Process shell = new ProcessBuilder("sh", "-c", ". ./holdfast.env; printf '%s|%s' \"$PLAIN\" \"$ODD\"")
                .directory(folder.toFile())
                .start();
        String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // then
        assertThat(read).isEqualTo("http://127.0.0.1:8080/mailbox|it's $HOME `id` \"x\"\nnext");
    }

    @Test
    void onlyTheOwnerMayReadIt(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("holdfast.env");
        EnvFile.write(file, Map.of("A", "1"));
        EnvFile.write(file, Map.of("A", "2"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file).content().contains("export A=2");
    }
}
