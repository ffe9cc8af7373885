package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalSinkTest {

    @TempDir
    private Path folder;

    /** It fails by itself, and not the whole restore with it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "/\0"})
    void linkToWhatIsNoPathIsNotMade(String target) throws IOException {
        var sink = new LocalSink(folder, false);

        assertThatThrownBy(() -> sink.other(NodePath.of("link"), link(target)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a link to what is no path");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void linkLeadsWhereItIsToLead() throws IOException {
        var sink = new LocalSink(folder, false);

        sink.other(NodePath.of("up"), link("../%41 ?#/x"));
        sink.other(NodePath.of("root"), link("/"));

        assertThat(Files.readSymbolicLink(folder.resolve("up"))).hasToString("../%41 ?#/x");
        assertThat(Files.readSymbolicLink(folder.resolve("root"))).hasToString("/");
    }

    private static Node link(String target) {
        return new Node(
                ByteString.of("link"), new Node.Symlink(ByteString.of(target)), Attributes.of(0777, Instant.EPOCH));
    }
}
