package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.TreeJson;
import dev.holdfast.restic.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeBuilderTest {
    private final BlobWriter blobs =
            BlobWriter.open(TestRepository.init(new MemoryStorage()), WriterOptions.defaults());

    @AfterEach
    void closeWriter() {
        blobs.close();
    }

    /** A file of so many pieces; 10,000 of them make 670 kB of JSON. */
    private static Node file(String name, int pieces) {
        var content = Collections.nCopies(pieces, Id.hashOf(new byte[0]));
        return new Node(ByteString.of(name), new Node.File(1, content), Attributes.of(0644, MemorySource.MODIFIED));
    }

    private static List<Node> large(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> file("n%02d".formatted(number), 10_000))
                .toList();
    }

    private Id build(TreeBuilder tree, List<Node> nodes) {
        nodes.forEach(tree::add);
        var id = tree.finish();
        blobs.flush();
        return id;
    }

    private List<List<Node>> parts(Id split) {
        var parts = new ArrayList<List<Node>>();
        for (var node : blobs.trees().tree(split)) {
            assertThat(TreeBuilder.isSplitPart(node)).as(node.name().text()).isTrue();
            if (node.kind() instanceof Node.Directory part)
                parts.add(blobs.trees().tree(part.subtree()));
        }
        return parts;
    }

    @Test
    void aDirectoryOfLargeFilesIsSplitByItsSize() {
        var tree = new TreeBuilder(blobs);
        var nodes = large(60);

        var parts = parts(build(tree, nodes));

        assertThat(tree.wasSplit()).isTrue();
        assertThat(parts).extracting(List::size).containsExactly(25, 25, 10);
        assertThat(parts).allSatisfy(part -> {
            var json = TreeJson.join(part.stream().map(TreeJson::encode).toList());
            assertThat(json.length).isLessThan(TreeBuilder.SPLIT_BYTES + 1_000);
        });
        assertThat(parts.stream().flatMap(List::stream)).isEqualTo(nodes);
    }

    @Test
    void aDirectoryUpToThatSizeIsNotSplit() {
        var whole = new TreeBuilder(blobs);
        var split = new TreeBuilder(blobs);

        assertThat(blobs.trees().tree(build(whole, large(25)))).isEqualTo(large(25));
        assertThat(parts(build(split, large(26)))).extracting(List::size).containsExactly(25, 1);
    }

    @Test
    void aHugeFileIsAPartOfItsOwnUnlessItIsAlone() {
        var alone = List.of(file("huge", 300_000));
        var between = List.of(file("a", 1), file("b", 1), file("huge", 300_000), file("small", 1));

        assertThat(blobs.trees().tree(build(new TreeBuilder(blobs), alone))).isEqualTo(alone);
        assertThat(parts(build(new TreeBuilder(blobs), between)))
                .extracting(List::size)
                .containsExactly(2, 1, 1);
    }

    @Test
    void aDirectoryOutOfOrderIsNotSplitByItsSize() {
        var tree = new TreeBuilder(blobs);

        var id = build(tree, large(30).reversed());

        assertThat(tree.wasSplit()).isFalse();
        assertThat(blobs.trees().tree(id)).isEqualTo(large(30));
    }

    @Test
    void anEntryThatBelongsIntoAStoredPartIsRefused() {
        var tree = new TreeBuilder(blobs, 2);
        for (var name : List.of("a", "b", "c", "d")) tree.add(file(name, 1));

        assertThatThrownBy(() -> tree.add(file("b", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in order, at b");
    }
}
