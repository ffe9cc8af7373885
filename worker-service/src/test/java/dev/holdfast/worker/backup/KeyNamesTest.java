package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.ByteString;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyNamesTest {

    @Test
    void usualKeysArePaths() {
        for (var key : List.of("a", "a/b/c.txt", "photos/2026/ä ö.jpg", "100%", "~x", ".hidden", "...")) {
            assertThat(KeyNames.shown(KeyNames.path(key))).isEqualTo(key);
        }
    }

    @Test
    void whatNoFileCanBeNamedIsEscaped() {
        assertThat(KeyNames.shown(KeyNames.path("/a"))).isEqualTo("%/a");
        assertThat(KeyNames.shown(KeyNames.path("a//b"))).isEqualTo("a/%/b");
        assertThat(KeyNames.shown(KeyNames.path("a/./../b"))).isEqualTo("a/%2E/%2E%2E/b");
        assertThat(KeyNames.shown(KeyNames.path("a/"))).isEqualTo("a/%");
        assertThat(KeyNames.shown(KeyNames.path("%2E"))).isEqualTo("%252E");
        assertThat(KeyNames.folder("a//")).isEqualTo(KeyNames.path("a/"));
    }

    @Test
    void nameIsNeverLongerThanAFileSystemTakes() {
        assertThat(KeyNames.name("x".repeat(255)).text()).isEqualTo("x".repeat(255));
        assertThat(KeyNames.name("x".repeat(256)).text()).startsWith("%~").hasSize(66);
        assertThat(KeyNames.name("ä".repeat(128)).text()).startsWith("%~");
        assertThat(KeyNames.besideFolder(ByteString.of("x".repeat(254))).text()).startsWith("%F");
    }

    @Test
    void noTwoPartsBecomeOneName() {
        var parts =
                List.of("", ".", "..", "%", "%2E", "%25", "%252E", "%f", "%fa", "a", "x".repeat(256), "x".repeat(257));
        var names = new HashSet<ByteString>();

        for (var part : parts) {
            assertThat(names.add(KeyNames.name(part))).as(part).isTrue();
            assertThat(KeyNames.name(part).isFileName()).as(part).isTrue();
            assertThat(names.add(KeyNames.besideFolder(KeyNames.name(part))))
                    .as("beside " + part)
                    .isTrue();
        }
    }
}
