package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalSinkTest {

    private static final Instant MODIFIED = Instant.parse("2020-02-03T04:05:06Z");

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

    /** The name is longer than Linux allows; other file systems allow none at all. */
    @Test
    void attributeThatTheFileSystemRefusesIsLeftOutAndAllElseIsRestored() throws IOException {
        // given
        var sink = new LocalSink(folder, false);
        var refused = new ExtendedAttribute("user." + "n".repeat(300), ByteString.of("v"));
        var attributes = mode(0440).withExtended(List.of(refused));
        var node = new Node(ByteString.of("file"), new Node.File(0, List.of()), attributes);
        // when
        sink.openFile(NodePath.of("file"), node).close();
        sink.closeFile(NodePath.of("file"), node);
        // then
        assertThat(sink.attributesLeftOut()).isEqualTo(1);
        assertThat(modes("file")).containsExactly("r--r-----");
        assertThat(Files.getLastModifiedTime(folder.resolve("file")).toInstant())
                .isEqualTo(MODIFIED);
    }

    @Test
    void attributeThatTheFileSystemTakesIsThere() throws IOException {
        // given
        var supported = Files.getFileStore(folder).supportsFileAttributeView("user");
        if (!supported) System.out.println("NOT VERIFIED: extended attributes, for " + folder + " takes none");
        assumeThat(supported).isTrue();
        var sink = new LocalSink(folder, false);
        var taken = new ExtendedAttribute("user.a", ByteString.of("v"));
        var attributes = mode(0440).withExtended(List.of(taken));
        var node = new Node(ByteString.of("file"), new Node.File(0, List.of()), attributes);
        // when
        sink.openFile(NodePath.of("file"), node).close();
        sink.closeFile(NodePath.of("file"), node);
        // then
        assertThat(Files.getAttribute(folder.resolve("file"), "user:a")).isEqualTo(new byte[] {'v'});
        assertThat(sink.attributesLeftOut()).isZero();
    }

    @Test
    void nobodyElseMayReadWhatIsNotWholeYet() throws IOException {
        // given
        var sink = new LocalSink(folder, false);
        var inside = new Node(ByteString.of("d"), new Node.Directory(Id.hashOf(new byte[0])), mode(0755));
        var file = new Node(ByteString.of("f"), new Node.File(0, List.of()), mode(0644));
        // when
        sink.openDirectory(NodePath.of("d"), inside);
        sink.openFile(NodePath.of("d/f"), file).close();
        var growing = modes("d", "d/f");
        sink.closeFile(NodePath.of("d/f"), file);
        sink.closeDirectory(NodePath.of("d"), inside);
        // then
        assertThat(growing).containsExactly("rwx------", "rw-------");
        assertThat(modes("d", "d/f")).containsExactly("rwxr-xr-x", "rw-r--r--");
    }

    @Test
    void fileIsNotWrittenOver() throws IOException {
        var sink = new LocalSink(folder, false);
        var file = new Node(ByteString.of("f"), new Node.File(0, List.of()), mode(0644));
        Files.writeString(folder.resolve("f"), "mine");

        assertThatThrownBy(() -> sink.openFile(NodePath.of("f"), file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("f")).hasContent("mine");
    }

    private static Node link(String target) {
        return new Node(
                ByteString.of("link"), new Node.Symlink(ByteString.of(target)), Attributes.of(0777, Instant.EPOCH));
    }

    private static Attributes mode(int permissions) {
        return Attributes.of(permissions, MODIFIED);
    }

    private List<String> modes(String... paths) throws IOException {
        var modes = new ArrayList<String>();
        for (var path : paths) {
            modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path))));
        }
        return modes;
    }
}
