package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyTest {
    @Test
    void aKeyIsMadeOnceAndKept(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/api-key");
        String key = ApiKey.in(file);
        assertThat(key).matches("hf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
        assertThat(ApiKey.in(file)).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileWithSomethingElseIsNotOverwritten(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("api-key"), "secret of another program");
        assertThatThrownBy(() -> ApiKey.in(file))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("no API key");
    }
}
