package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A directory of the parent snapshot, to find what did not change. One that was split is read part by part while names
 * are asked for in ascending order; each step back costs reading from the first part again.
 */
final class ParentDirectory {
    private static final ParentDirectory NONE = new ParentDirectory(List.of());

    private final Map<ByteString, Node> nodes = new HashMap<>();
    private final List<Node> parts;
    private Optional<BlobReader> reader = Optional.empty();
    private Optional<ByteString> firstOfPart = Optional.empty();
    private Optional<ByteString> lastOfPart = Optional.empty();
    private int nextPart;

    private ParentDirectory(List<Node> parts) {
        this.parts = parts;
    }

    static ParentDirectory none() {
        return NONE;
    }

    /** A tree that cannot be read counts as empty: then everything is read again, and the new tree is whole. */
    static ParentDirectory of(Id tree, BlobReader reader) {
        List<Node> all;
        try {
            all = reader.tree(tree);
        } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
            return NONE;
        }
        var directory = new ParentDirectory(
                all.stream().filter(TreeBuilder::isSplitPart).toList());
        directory.reader = Optional.of(reader);
        for (var node : all) if (!TreeBuilder.isSplitPart(node)) directory.nodes.put(node.name(), node);
        return directory;
    }

    Optional<Node> find(ByteString name) {
        if (nextPart > 1
                && firstOfPart.filter(first -> name.compareTo(first) < 0).isPresent()) restart();
        while (nextPart < parts.size()
                && (lastOfPart.isEmpty() || lastOfPart.get().compareTo(name) < 0)) loadNextPart();
        return Optional.ofNullable(nodes.get(name));
    }

    private void restart() {
        nextPart = 0;
        lastOfPart = Optional.empty();
    }

    private void loadNextPart() {
        nodes.clear();
        if (parts.get(nextPart++).kind() instanceof Node.Directory part) {
            try {
                var loaded = reader.orElseThrow().tree(part.subtree());
                for (var node : loaded) nodes.put(node.name(), node);
                if (loaded.isEmpty()) return;
                firstOfPart = Optional.of(loaded.getFirst().name());
                lastOfPart = Optional.of(loaded.getLast().name());
            } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
                nodes.clear(); // read again
            }
        }
    }
}
