package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parent snapshot, asked for one path after another; keeps the directories on the way to the last one. */
final class ParentTree {
    private final ParentDirectory root;
    private final BlobReader reader;
    private final List<Level> open = new ArrayList<>();

    private record Level(ByteString name, ParentDirectory directory) {}

    ParentTree(Optional<Id> tree, BlobReader reader) {
        this.root = tree.map(it -> ParentDirectory.of(it, reader)).orElseGet(ParentDirectory::none);
        this.reader = reader;
    }

    Optional<Node> find(List<ByteString> path) {
        var common = 0;
        while (common < open.size()
                && common < path.size() - 1
                && open.get(common).name().equals(path.get(common))) common++;
        open.subList(common, open.size()).clear();
        for (var name : path.subList(common, path.size() - 1)) {
            var inside = directory().find(name).map(Node::kind);
            open.add(new Level(
                    name,
                    inside.isPresent() && inside.get() instanceof Node.Directory(var subtree)
                            ? ParentDirectory.of(subtree, reader)
                            : ParentDirectory.none()));
        }
        return directory().find(path.getLast());
    }

    private ParentDirectory directory() {
        return open.isEmpty() ? root : open.getLast().directory();
    }
}
