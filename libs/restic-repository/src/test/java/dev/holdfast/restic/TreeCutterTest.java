package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.directory;
import static dev.holdfast.restic.MemorySource.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TreeCutterTest {
    private final AtomicLong fetched = new AtomicLong();
    private final Repository repository = TestRepository.init(new TestRepository.Forwarding(new MemoryStorage()) {
        @Override
        public byte[] get(String key, long offset, int length) throws IOException {
            var bytes = super.get(key, offset, length);
            fetched.addAndGet(bytes.length);
            return bytes;
        }
    });

    private MemorySink restore(Id tree, Selection selection, TreeRange range) {
        var sink = new MemorySink();
        var part = new Restorer.Part(tree, selection, range);
        var result = Restorer.restore(repository, part, sink, Progress.silent(), 2, () -> {});
        assertThat(result.failures()).isEmpty();
        return sink;
    }

    private List<TreeRange> cut(Id tree, Selection selection, long files, long bytes) {
        return SnapshotTree.open(repository).cut(tree, selection, files, bytes, () -> {});
    }

    private static Id tree(BackupResult backup) {
        return backup.snapshot().snapshot().tree();
    }

    private BackupResult someFolders() {
        return MemorySource.backup(
                repository,
                file("a", new byte[10]),
                directory(
                        "d",
                        file("1", new byte[10]),
                        directory("e", file("2", new byte[10]), file("3", new byte[10])),
                        file("f", new byte[10])),
                directory("empty"),
                directory("g", file("4", new byte[100]), file("5", new byte[10])),
                file("z", new byte[10]));
    }

    @Test
    void partsMakeTheWholeTogetherAndHaveNothingInCommon() {
        var tree = tree(someFolders());
        var whole = restore(tree, Selection.all(), TreeRange.ALL).files();
        for (int files = 1; files <= 8; files++) {
            var ranges = cut(tree, Selection.all(), files, 1_000);
            var together = new TreeMap<String, byte[]>();
            for (var range : ranges) {
                var part = restore(tree, Selection.all(), range).files();
                assertThat(part).hasSizeLessThanOrEqualTo(files);
                part.forEach((path, content) ->
                        assertThat(together.put(path, content)).as(path).isNull());
            }
            assertThat(ranges).hasSize((8 + files - 1) / files);
            assertThat(together.keySet()).isEqualTo(whole.keySet());
        }
    }

    @Test
    void largeFilesMakeMoreParts() {
        var tree = tree(someFolders());
        var parts = cut(tree, Selection.all(), 100, 50).stream()
                .map(range -> List.copyOf(
                        restore(tree, Selection.all(), range).files().keySet()))
                .toList();
        assertThat(parts)
                .containsExactly(
                        List.of("/a", "/d/1", "/d/e/2", "/d/e/3", "/d/f"), List.of("/g/4"), List.of("/g/5", "/z"));
    }

    @Test
    void onlyWhatIsSelectedCounts() {
        var tree = tree(someFolders());
        var selection = Selection.path(NodePath.of("d/e"));
        var ranges = cut(tree, selection, 1, 1_000);
        assertThat(ranges).hasSize(2);
        assertThat(restore(tree, selection, ranges.getFirst()).names()).containsExactly("/d", "/d/e", "/d/e/2");
        assertThat(restore(tree, selection, ranges.getLast()).names()).containsExactly("/d", "/d/e", "/d/e/3");
    }

    @Test
    void tooManyPartsBecomeLargerOnes() {
        var files = new ArrayList<SourceEntry>();
        for (int i = 0; i < 20; i++) files.add(file("n%02d".formatted(i), new byte[1]));
        var tree = tree(MemorySource.backup(repository, directory("many", files)));
        var trees = new BlobReader(repository, repository.indexFiles().loadForReading());
        var ranges = new TreeCutter(trees::tree, Selection.all(), 1, 1_000, 4, () -> {}).cut(tree);
        assertThat(ranges.stream()
                        .map(range ->
                                restore(tree, Selection.all(), range).files().size()))
                .containsExactly(8, 8, 4);
    }

    @Test
    void syntheticDirectoriesAreCutAsOthersAre() {
        var entries = new ArrayList<SourceEntry>();
        for (int i = 0; i < 60_000; i++) entries.add(file("n%06d".formatted(i), new byte[0]));
        var backup = MemorySource.backup(repository, directory("flat", entries));
        var found = new ArrayList<String>();
        for (var range : cut(tree(backup), Selection.all(), 25_000, 1_000)) {
            found.addAll(restore(tree(backup), Selection.all(), range).files().keySet());
        }
        assertThat(backup.snapshot().snapshot().tags()).containsExactly("flat-split");
        assertThat(found).doesNotHaveDuplicates().hasSize(60_000);
    }

    @Test
    void nothingIsFetchedTwice() {
        var backup = MemorySource.backup(repository, MemorySource.mixed(7));
        fetched.set(0);
        restore(tree(backup), Selection.all(), TreeRange.ALL);
        long stored = backup.summary().dataAddedPacked();
        assertThat(fetched.get()).isBetween(stored - 100_000, stored + stored / 8);
    }
}
