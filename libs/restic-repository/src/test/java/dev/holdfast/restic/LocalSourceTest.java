package dev.holdfast.restic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.LocalSource.Choice;
import dev.holdfast.restic.LocalSource.NoFolderException;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSourceTest {

    private static final Choice ALL = (_, _) -> true;

    private final Repository repository = TestRepository.init(new MemoryStorage());
    private Path root = Path.of("");
    private Path outside = Path.of("");

    @BeforeEach
    void makeFolders(@TempDir Path folder) throws IOException {
        root = Files.createDirectory(folder.toRealPath().resolve("root"));
        outside = Files.createDirectory(folder.toRealPath().resolve("outside"));
        write(outside.resolve("a.txt"), "secret");
        write(root.resolve("dir/a.txt"), "mine");
        write(root.resolve("dir/b.txt"), "mine");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private BackupResult backUp(Path below, Choice choice) throws IOException {
        try (var source = LocalSource.open(root, below, choice)) {
            var path = root.resolve(below).toString();
            var request = BackupRequest.of(source.root(), List.of(path), repository);
            return BackupWriter.backup(repository, request, Progress.silent());
        }
    }

    /** Contents by path below the root. */
    private MemorySink restored(BackupResult made) {
        var sink = new MemorySink();
        Restorer.restore(repository, made.snapshot().id(), Selection.all(), sink, Progress.silent());
        return sink;
    }

    private String text(MemorySink sink, String path) {
        var content = sink.files().get(root + path);
        return content == null ? "not there" : new String(content, UTF_8);
    }

    @Test
    void linksAreStoredAndNeverFollowed() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("a.txt"));

        var made = backUp(Path.of(""), ALL);

        assertThat(made.failures()).isEmpty();
        assertThat(restored(made).files()).containsOnlyKeys(root + "/dir/a.txt", root + "/dir/b.txt");
    }

    @Test
    void noLinkLeadsToTheFolder() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolveSibling("other"), root);

        assertThatThrownBy(() -> LocalSource.open(root, Path.of("link"), ALL)).isInstanceOf(NoFolderException.class);
        assertThatThrownBy(() -> LocalSource.open(root, Path.of("link/x"), ALL)).isInstanceOf(NoFolderException.class);
        assertThatThrownBy(() -> LocalSource.open(root.resolveSibling("other"), Path.of("dir"), ALL))
                .isInstanceOf(NoFolderException.class);
        assertThatThrownBy(() -> LocalSource.open(root, Path.of("dir/a.txt"), ALL))
                .isInstanceOf(NoFolderException.class);
        for (var path : List.of("..", "../outside", "dir/../../outside", "/etc")) {
            assertThatIllegalArgumentException().isThrownBy(() -> LocalSource.open(root, Path.of(path), ALL));
        }
    }

    /** Somebody puts a link where a folder, its parent or a file was, in the middle of the walk. */
    @Test
    void linkThatTakesAPlaceMeanwhileLeadsNobodyOut() throws IOException {
        var folder = backUp(Path.of(""), at("dir", () -> swap(root.resolve("dir"), outside)));

        assertThat(folder.failures()).singleElement().asString().contains("/dir", "symbolic link");
        assertThat(restored(folder).files()).isEmpty();
    }

    @Test
    void folderThatIsMovedAwayMeanwhileIsReadToItsEndOrReported() throws IOException {
        var parent = backUp(Path.of(""), at("dir/a.txt", () -> swap(root.resolve("dir"), outside)));

        // a.txt was looked at before: its content is that of the folder that was opened
        assertThat(text(restored(parent), "/dir/a.txt")).isEqualTo("mine");
        assertThat(parent.failures()).singleElement().asString().contains("/dir/b.txt");
    }

    @Test
    void fileThatBecomesALinkMeanwhileIsReported() throws IOException {
        var file =
                backUp(Path.of(""), at("dir/a.txt", () -> swap(root.resolve("dir/a.txt"), outside.resolve("a.txt"))));

        assertThat(file.failures()).singleElement().asString().contains("/dir/a.txt");
        assertThat(restored(file).files()).containsOnlyKeys(root + "/dir/b.txt");
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Takes all, and makes a change when a path is reached. */
    private static Choice at(String path, Change change) {
        return (below, _) -> {
            try {
                if (below.toString().equals(path)) change.make();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        };
    }

    private static void swap(Path place, Path target) throws IOException {
        Files.move(place, place.resolveSibling("moved"));
        Files.createSymbolicLink(place, target);
    }

    @Test
    void choiceLeavesOutFilesAndWholeFolders() throws IOException {
        write(root.resolve("sub/c.txt"), "c");

        var made = backUp(Path.of(""), (below, _) -> !below.equals(Path.of("sub")) && !below.endsWith("b.txt"));

        assertThat(restored(made).files()).containsOnlyKeys(root + "/dir/a.txt");
    }

    @Test
    void unchangedFilesAreKnownAgainAndFoldersAreClosed() throws IOException {
        var open = open();
        backUp(Path.of("dir"), ALL);
        write(root.resolve("dir/b.txt"), "changed");

        var again = backUp(Path.of("dir"), ALL);

        assertThat(again.summary().filesUnmodified()).isEqualTo(1);
        assertThat(again.summary().filesChanged()).isEqualTo(1);
        assertThat(open()).isEqualTo(open);
    }

    private static long open() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }

    /** By a shell, for Java may not write the name in the encoding of this process. */
    @Test
    void nameInNoEncodingIsKeptByteByByte() throws Exception {
        var script =
                "printf x > \"$(printf 'n\\303\\274\\377')\"; ln -s \"$(printf '\\377/t')\" \"$(printf 'l\\377')\"";
        var shell = new ProcessBuilder("sh", "-c", script)
                .directory(root.resolve("dir").toFile())
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).isZero();

        try (var source = LocalSource.open(root, Path.of("dir"), ALL)) {
            SourceEntry at = source.root();
            for (var depth = 0; depth < root.getNameCount() + 1; depth++) at = first(at);
            var names = new java.util.ArrayList<String>();
            var entries = ((SourceEntry.SourceDirectory) at).children().list();
            while (entries.hasNext()) {
                var entry = entries.next();
                names.add(entry.name().toString());
                if (entry instanceof SourceEntry.SourceOther other)
                    names.add(other.kind().toString());
            }
            assertThat(names)
                    .hasSize(5)
                    .contains("a.txt", "b.txt", "nü\\xff", "l\\xff")
                    .anyMatch(it -> it.contains("\\xff/t"));
        }
    }

    private static SourceEntry first(SourceEntry directory) throws IOException {
        return ((SourceEntry.SourceDirectory) directory).children().list().next();
    }
}
