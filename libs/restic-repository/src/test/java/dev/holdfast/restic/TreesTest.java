package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.directory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.storage.MemoryStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TreesTest {

    private static final Node ENTRY = new Node(ByteString.of("a"), new Node.Fifo(), Attributes.of(0644, Instant.EPOCH));

    private final Repository repository = TestRepository.init(new MemoryStorage());

    @Test
    void whatAPartHasStoredIsReadBeforeItsIndexIsStored() {
        var first = store();
        var second = store();

        assertThat(second).isEqualTo(first);
        assertThat(repository.indexFiles().list()).isEmpty();
    }

    private Id store() {
        try (var writer = PartWriter.open(repository, Optional.empty(), WriterOptions.defaults())) {
            var tree = writer.tree();
            tree.add(ENTRY);
            var id = tree.finish();
            writer.finish();
            assertThat(writer.trees().tree(id)).containsExactly(ENTRY);
            return id;
        }
    }

    @Test
    void backupTellsItsRootWhenAllBelowItIsStored() {
        var told = new ArrayList<Node>();
        var request = new BackupRequest(
                directory("root", directory("a", directory("b"))),
                List.of("/made/up"),
                "testhost",
                List.of(),
                Optional.empty(),
                false,
                WriterOptions.defaults());

        for (var time = 1; time <= 2; time++) { // the second one finds all of it there
            var prepared = BackupWriter.prepare(repository, request, Progress.silent(), (root, trees) -> {
                var inside = trees.tree(root).getFirst();
                told.add(inside);
                if (inside.kind() instanceof Node.Directory a) told.addAll(trees.tree(a.subtree()));
            });

            assertThat(Trees.of(repository).tree(prepared.snapshot().tree())).containsExactly(told.getFirst());
        }

        assertThat(told).extracting(node -> node.name().text()).containsExactly("a", "b", "a", "b");
    }
}
