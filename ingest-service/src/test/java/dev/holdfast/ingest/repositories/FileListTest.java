package dev.holdfast.ingest.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.SnapshotTree;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileListTest {

    private static final Id ROOT = Id.hashOf(new byte[0]);

    @Test
    void searchThatLookedAtAllTellsWhetherThereIsMoreThanTheLimit() {
        assertThat(find(2, () -> false).more()).isTrue();
        assertThat(find(2, () -> false).items()).hasSize(2);
        assertThat(find(3, () -> false).more()).isFalse();
    }

    @Test
    void searchThatEndedEarlySaysThatThereMayBeMore() {
        var looked = new AtomicInteger();

        var found = find(10, () -> looked.incrementAndGet() > 2);

        assertThat(found.items()).extracting(FileList.Entry::path).containsExactly("/a", "/b");
        assertThat(found.more()).isTrue();
    }

    @Test
    void listSaysWhetherThereIsMoreThanTheLimit() {
        var tree = SnapshotTree.of(ROOT, _ -> files());

        var some = FileList.of(tree, ROOT, NodePath.ROOT, 2).orElseThrow();
        var all = FileList.of(tree, ROOT, NodePath.ROOT, 3).orElseThrow();

        assertThat(some.items()).extracting(FileList.Entry::path).containsExactly("/a", "/b");
        assertThat(some.more()).isTrue();
        assertThat(all.items()).hasSize(3);
        assertThat(all.more()).isFalse();
    }

    @Test
    void whatIsNoDirectoryIsNeitherListedNorSearched() {
        var tree = SnapshotTree.of(ROOT, _ -> files());
        var file = NodePath.of("a");

        assertThat(FileList.of(tree, ROOT, file, 2)).isEmpty();
        assertThat(FileList.find(tree, ROOT, file, "*", 2, () -> false)).isEmpty();
    }

    private static List<Node> files() {
        return Stream.of("a", "b", "c")
                .map(name ->
                        new Node(ByteString.of(name), new Node.File(1, List.of()), Attributes.of(0644, Instant.EPOCH)))
                .toList();
    }

    private static FileList find(int limit, BooleanSupplier enough) {
        var tree = SnapshotTree.of(ROOT, _ -> files());
        return FileList.find(tree, ROOT, NodePath.ROOT, "*", limit, enough).orElseThrow();
    }
}
