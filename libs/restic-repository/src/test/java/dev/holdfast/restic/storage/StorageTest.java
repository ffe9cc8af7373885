package dev.holdfast.restic.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every storage must do. */
class StorageTest {
    @TempDir
    private Path folder;

    private Storage storage(boolean local) {
        return local ? new LocalStorage(folder.resolve("repository")) : new MemoryStorage();
    }

    private static Content content(int... bytes) {
        var content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) content[i] = (byte) bytes[i];
        return Content.of(content);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anObjectIsStoredOnce(boolean local) throws Exception {
        var storage = storage(local);
        assertThat(storage.putIfAbsent("data/ab/x", content(1, 2, 3))).isTrue();
        assertThat(storage.putIfAbsent("data/ab/x", content(9))).isFalse();
        assertThat(storage.get("data/ab/x", 0, 10)).containsExactly(1, 2, 3);
        assertThat(storage.size("data/ab/x")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRangeEndsWithTheObject(boolean local) throws Exception {
        var storage = storage(local);
        storage.putIfAbsent("a/b", content(1, 2, 3));
        assertThat(storage.get("a/b", 1, 1)).containsExactly(2);
        assertThat(storage.get("a/b", 2, Integer.MAX_VALUE)).containsExactly(3);
        assertThat(storage.get("a/b", 3, 1)).isEmpty();
        assertThat(storage.get("a/b", Long.MAX_VALUE, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFolderIsListedAtAnyDepth(boolean local) throws Exception {
        var storage = storage(local);
        storage.putIfAbsent("data/ab/x", content(1));
        storage.putIfAbsent("data/y", content(1, 2));
        storage.putIfAbsent("other/z", content());
        var found = new ArrayList<StoredObject>();
        storage.list("data", found::add);
        storage.list("missing", found::add);
        assertThat(found).containsExactlyInAnyOrder(new StoredObject("data/ab/x", 1), new StoredObject("data/y", 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNotThereIsSaidSo(boolean local) throws Exception {
        var storage = storage(local);
        assertThat(storage.size("a/b")).isEqualTo(-1);
        assertThatThrownBy(() -> storage.get("a/b", 0, 1)).isInstanceOf(NoSuchFileException.class);
        storage.putIfAbsent("a/b", content(1));
        storage.delete(List.of("a/b", "a/c"));
        assertThat(storage.size("a/b")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void contentOfAFileEndsWhereItSaysAndIsReadAgainAndAgain(boolean local) throws Exception {
        var path = Files.write(folder.resolve("file"), new byte[] {1, -2, 3, 4});
        var storage = storage(local);
        try (var file = FileChannel.open(path)) {
            var content = Content.of(file, 3);
            assertThat(content.toByteArray()).containsExactly(1, -2, 3);
            assertThat(content.stream().readAllBytes()).containsExactly(1, -2, 3);
            assertThat(content.stream().read()).isEqualTo(1);
            storage.putIfAbsent("a/b", content);
        }
        assertThat(storage.get("a/b", 0, 9)).containsExactly(1, -2, 3);
    }

    @Test
    void contentOfAFileThatIsTooShortIsAnError() throws Exception {
        var path = Files.write(folder.resolve("file"), new byte[] {1, 2});
        try (var file = FileChannel.open(path)) {
            var content = Content.of(file, 3);
            assertThatThrownBy(content::toByteArray).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> storage(true).putIfAbsent("a/b", content)).isInstanceOf(IOException.class);
        }
        assertThat(storage(true).size("a/b")).isEqualTo(-1);
    }

    @Test
    void noKeyLeadsOutOfTheFolder() {
        assertThatThrownBy(() -> storage(true).get("../x", 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What is not listed is deleted by a prune, or with it what only that refers to. */
    @Test
    void folderThatIsALinkIsListedAndWrittenTo() throws Exception {
        // given
        var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        var root = Files.createDirectories(folder.resolve("repository"));
        Files.createSymbolicLink(root.resolve("snapshots"), elsewhere);
        // when
        storage(true).putIfAbsent("snapshots/x", content(1, 2));
        // then
        var found = new ArrayList<StoredObject>();
        storage(true).list("snapshots", found::add);
        assertThat(found).containsExactly(new StoredObject("snapshots/x", 2));
        assertThat(elsewhere.resolve("x")).exists();
    }

    @Test
    void linkThatLeadsNowhereIsNotTakenForAnEmptyFolder() throws Exception {
        var root = Files.createDirectories(folder.resolve("repository"));
        Files.createSymbolicLink(root.resolve("snapshots"), folder.resolve("not-mounted"));
        Files.createSymbolicLink(Files.createDirectory(root.resolve("data")).resolve("ab"), folder.resolve("gone"));

        for (var name : List.of("snapshots", "data")) {
            assertThatThrownBy(() -> storage(true).list(name, _ -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("leads nowhere");
        }
    }

    @Test
    void leftoversOfCrashedWritersCanBeDeleted() throws Exception {
        var storage = new LocalStorage(folder);
        Files.createDirectories(folder.resolve("tmp"));
        var leftover = Files.createFile(folder.resolve("tmp/half-written"));
        storage.deleteLeftovers(Instant.EPOCH);
        assertThat(leftover).exists();
        storage.deleteLeftovers(Instant.MAX);
        assertThat(leftover).doesNotExist();
    }
}
