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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

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
        var tree = tree(Stream.of("a", "b", "c"));

        var some = FileList.of(tree, ROOT, NodePath.ROOT, 2).orElseThrow();
        var all = FileList.of(tree, ROOT, NodePath.ROOT, 3).orElseThrow();

        assertThat(some.items()).extracting(FileList.Entry::path).containsExactly("/a", "/b");
        assertThat(some.more()).isTrue();
        assertThat(all.items()).hasSize(3);
        assertThat(all.more()).isFalse();
    }

    @Test
    void namesThatAreNoneOfFilesAreLeftOut() {
        var tree = tree(Stream.of("..", "a", "b/c"));

        var list = FileList.of(tree, ROOT, NodePath.ROOT, 10).orElseThrow();

        assertThat(list.items()).extracting(FileList.Entry::path).containsExactly("/a");
    }

    @Test
    void whatIsNoDirectoryIsNeitherListedNorSearched() {
        var tree = tree(Stream.of("a", "b", "c"));
        var file = NodePath.of("a");

        assertThat(FileList.of(tree, ROOT, file, 2)).isEmpty();
        assertThat(FileList.find(tree, ROOT, file, "*", 2, () -> false)).isEmpty();
    }

    @Test
    void starStandsForAnyCharactersCaseAside() {
        assertThat(found("*", "a", "B")).containsExactly("/a", "/B");
        assertThat(found("a*", "a", "Ab", "ba")).containsExactly("/a", "/Ab");
        assertThat(found("*.TXT", "a.txt", "a.txt.txt", "txt")).containsExactly("/a.txt", "/a.txt.txt");
        assertThat(found("*ab*ab", "abab", "ab", "xabxabxab", "aab")).containsExactly("/abab", "/xabxabxab");
        assertThat(found("a*.*b**c", "a.bc", "ax.yb.b.zc", "abc")).containsExactly("/a.bc", "/ax.yb.b.zc");
        assertThat(found("a?", "a?", "ab")).containsExactly("/a?");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void noPatternTakesLong() {
        assertThat(found("*a".repeat(100) + "b", "a".repeat(255))).isEmpty();
    }

    private static List<String> found(String glob, String... names) {
        var found = FileList.find(tree(Stream.of(names)), ROOT, NodePath.ROOT, glob, 10, () -> false);
        return found.orElseThrow().items().stream().map(FileList.Entry::path).toList();
    }

    private static FileList find(int limit, BooleanSupplier enough) {
        return FileList.find(tree(Stream.of("a", "b", "c")), ROOT, NodePath.ROOT, "*", limit, enough)
                .orElseThrow();
    }

    private static SnapshotTree tree(Stream<String> names) {
        var files = names.map(name ->
                        new Node(ByteString.of(name), new Node.File(1, List.of()), Attributes.of(0644, Instant.EPOCH)))
                .toList();
        return SnapshotTree.of(ROOT, _ -> files);
    }
}
