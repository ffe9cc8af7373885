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

    private static FileList find(int limit, BooleanSupplier enough) {
        var files = Stream.of("a", "b", "c")
                .map(name ->
                        new Node(ByteString.of(name), new Node.File(1, List.of()), Attributes.of(0644, Instant.EPOCH)))
                .toList();
        var tree = SnapshotTree.of(ROOT, _ -> files);
        return FileList.find(tree, ROOT, NodePath.ROOT, "*", limit, enough).orElseThrow();
    }
}
