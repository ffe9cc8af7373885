package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.TreeJson;
import dev.holdfast.restic.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Split directories, made by us or by somebody who means harm: what is read of them, and how deep. */
class SnapshotTreeTest {
    private static final Attributes PLAIN = Attributes.of(0755, MemorySource.MODIFIED);
    private static final Attributes MARKED =
            PLAIN.withExtended(List.of(new ExtendedAttribute(TreeBuilder.SPLIT_ATTRIBUTE, ByteString.of("1"))));

    private final Repository repository = TestRepository.init(new MemoryStorage());
    private final BlobWriter blobs = BlobWriter.open(repository, WriterOptions.defaults());
    private final List<Id> read = new ArrayList<>();

    @AfterEach
    void closeWriter() {
        blobs.close();
    }

    private Id store(Node... nodes) {
        return blobs.storeTree(
                TreeJson.join(Stream.of(nodes).map(TreeJson::encode).toList()));
    }

    private static Node file(String name) {
        return new Node(ByteString.of(name), new Node.File(0, List.of()), PLAIN);
    }

    private static Node directory(String name, Id subtree) {
        return new Node(ByteString.of(name), new Node.Directory(subtree), PLAIN);
    }

    private static Node part(String name, Id subtree) {
        return new Node(ByteString.of(name), new Node.Directory(subtree), MARKED);
    }

    private SnapshotTree open(Id root) {
        blobs.flush();
        var trees = blobs.trees();
        return SnapshotTree.of(root, id -> {
            read.add(id);
            return trees.tree(id);
        });
    }

    /** Trees of one entry, each of which refers to the one before. */
    private Id chain(int length, String name, Attributes attributes) {
        var tree = store(file("end"));
        for (int i = 0; i < length; i++) {
            tree = store(new Node(ByteString.of(name), new Node.Directory(tree), attributes));
        }
        return tree;
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(node -> node.name().text()).toList();
    }

    @Test
    void partsAreReadWhenItIsTheirTurn() {
        // given
        var one = store(file("a"), file("b"));
        var two = store(file("c"), file("d"));
        var three = store(file("e"), file("f"));
        var flat = store(part("~000000", one), part("~000001", two), part("~000002", three));
        var root = store(directory("flat", flat));
        var tree = open(root);
        var path = NodePath.of("flat");
        // when
        var first = tree.list(root, path, 3).orElseThrow();
        var readToList = List.copyOf(read);
        read.clear();
        var found = tree.find(root, path.child(ByteString.of("d")));
        var readToFind = List.copyOf(read);
        read.clear();
        var seen = new ArrayList<String>();
        tree.walk(root, path, (at, _) -> seen.add(at.toString()) && seen.size() < 2);
        // then
        assertThat(names(first)).containsExactly("a", "b", "c");
        assertThat(readToList).containsExactly(root, flat, one, two);
        assertThat(found).contains(file("d"));
        assertThat(readToFind).containsExactly(root, flat, one, two);
        assertThat(seen).containsExactly("/flat/a", "/flat/b");
        assertThat(read).containsExactly(root, flat, one);
        assertThat(names(tree.list(root, path, 100).orElseThrow())).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void walkTellsWhetherThereIsADirectory() {
        var root = store(directory("d", store(file("a"))), file("e"));
        var tree = open(root);

        assertThat(tree.walk(root, NodePath.of("d"), (_, _) -> true)).isTrue();
        assertThat(tree.walk(root, NodePath.of("e"), (_, _) -> true)).isFalse();
        assertThat(tree.walk(root, NodePath.of("f"), (_, _) -> true)).isFalse();
    }

    @Test
    void partsWithinAPartAreOrdinaryDirectories() {
        // given
        var tree = store(file("a"));
        for (int i = 0; i < 30; i++) tree = store(part("~000000", tree), part("~000001", tree));
        var root = tree;
        // when
        var listed = open(root).list(root, NodePath.ROOT, 100).orElseThrow();
        var found = open(root).find(root, NodePath.of("a"));
        // then
        assertThat(names(listed)).containsExactly("~000000", "~000001", "~000000", "~000001");
        assertThat(found).isEmpty();
    }

    @Test
    void nestedPartsAreRestoredAsOrdinaryDirectories() {
        var root = chain(5, "~000000", MARKED);
        blobs.flush();

        var sink = new MemorySink();
        var part = new Restorer.Part(root, Selection.all(), TreeRange.ALL);
        Restorer.restore(repository, part, sink, Progress.silent(), 1, () -> {});

        var parts = SnapshotTree.open(repository).cut(root, Selection.all(), 1, 1, () -> {});
        assertThat(sink.files()).containsOnlyKeys("/~000000/~000000/end");
        assertThat(parts).containsExactly(TreeRange.ALL);
    }

    @Test
    void directoriesThatLieTooDeepEndAWalkAndFailInARestore() {
        for (var attributes : List.of(PLAIN, MARKED)) {
            var fine = chain(1_000, "~000000", attributes);
            var deep = chain(20_000, "~000000", attributes);
            var tree = open(deep);

            assertThatThrownBy(() -> tree.walk(deep, NodePath.ROOT, (_, _) -> true))
                    .isInstanceOf(ResticException.TooLarge.class)
                    .hasMessageContaining("depth");
            assertThat(tree.cut(deep, Selection.all(), 1, 1, () -> {})).containsExactly(TreeRange.ALL);
            var part = new Restorer.Part(deep, Selection.all(), TreeRange.ALL);
            var restored = Restorer.restore(repository, part, new MemorySink(), Progress.silent(), 1, () -> {});
            assertThat(restored.failures()).singleElement().asString().contains("depth");

            var last = new String[1];
            open(fine).walk(fine, NodePath.ROOT, (path, _) -> {
                last[0] = path.elements().getLast().text();
                return true;
            });
            assertThat(last[0]).isEqualTo("end");
        }
    }
}
