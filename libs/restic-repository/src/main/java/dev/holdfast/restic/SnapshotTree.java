package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * Looks into snapshots without restoring them. Loads the index once, unless the trees come from elsewhere; then a look
 * at a directory reads the trees on the way to it. Takes no lock: what a prune removes meanwhile is
 * {@link dev.holdfast.restic.format.ResticException.Missing}. For one thread.
 */
public final class SnapshotTree {
    private static final int MOST_RANGES = 5_000;

    private final UnaryOperator<Id> roots;
    private final Trees trees;

    private SnapshotTree(UnaryOperator<Id> roots, Trees trees) {
        this.roots = roots;
        this.trees = trees;
    }

    public static SnapshotTree open(Repository repository) {
        var trees = new BlobReader(repository, repository.indexFiles().loadForReading());
        return new SnapshotTree(id -> repository.snapshot(id).snapshot().tree(), trees::tree);
    }

    /** The one snapshot whose root is that tree. */
    public static SnapshotTree of(Id root, Trees trees) {
        return new SnapshotTree(_ -> root, trees);
    }

    /** The entry at a path; empty if there is none, or for the root, which is no entry. */
    public Optional<Node> find(Id snapshot, NodePath path) {
        if (path.elements().isEmpty()) return Optional.empty();
        var tree = Optional.of(root(snapshot));
        var found = Optional.<Node>empty();
        for (var name : path.elements()) {
            if (tree.isEmpty()) return Optional.empty();
            found = find(tree.get(), name);
            tree = found.flatMap(SnapshotTree::subtree);
        }
        return found;
    }

    private Optional<Node> find(Id tree, ByteString name) {
        for (var entries : pieces(tree, true)) {
            for (var node : entries) if (node.name().equals(name)) return Optional.of(node);
        }
        return Optional.empty();
    }

    /**
     * The first entries of a directory in the order of their names; empty if there is no directory at the path.
     *
     * @param most how many, from 1
     */
    public Optional<List<Node>> list(Id snapshot, NodePath path, int most) {
        return directory(snapshot, path).map(tree -> {
            var first = new ArrayList<Node>();
            for (var entries : pieces(tree, false)) {
                first.addAll(entries.subList(0, Math.min(entries.size(), most - first.size())));
                if (first.size() == most) break;
            }
            return first;
        });
    }

    /**
     * Visits every entry below a directory, parents first, in the order of names, until the visitor says that it has
     * enough.
     *
     * @return whether there is a directory at the path
     * @throws dev.holdfast.restic.format.ResticException.TooLarge if directories lie in more than 1,000 others
     */
    public boolean walk(Id snapshot, NodePath path, BiPredicate<NodePath, Node> goOn) {
        var directory = directory(snapshot, path);
        directory.ifPresent(tree -> walk(path, tree, goOn));
        return directory.isPresent();
    }

    private boolean walk(NodePath path, Id tree, BiPredicate<NodePath, Node> goOn) {
        Restorer.requireDepth(path, path.elements().size());
        for (var entries : pieces(tree, true)) {
            trees.expect(subtrees(entries));
            for (var node : entries) {
                if (!node.name().isFileName()) continue;
                var child = path.child(node.name());
                if (!goOn.test(child, node)) return false;
                if (node.kind() instanceof Node.Directory directory && !walk(child, directory.subtree(), goOn))
                    return false;
            }
        }
        return true;
    }

    /**
     * Cuts what is selected of a tree into ranges for restores that go on side by side, in order: without a gap they
     * make all of it. Reads all trees that have something selected.
     *
     * @param files the most in a range, from 1; links and the like count as well
     * @param bytes the most in a range of several files
     * @param visited is called for each entry
     * @return at least one range, and 5,000 at most: beyond that they are larger than they should be
     */
    public List<TreeRange> cut(Id tree, Selection selection, long files, long bytes, Runnable visited) {
        return new TreeCutter(trees, selection, files, bytes, MOST_RANGES, visited).cut(tree);
    }

    private Id root(Id snapshot) {
        return roots.apply(snapshot);
    }

    private Optional<Id> directory(Id snapshot, NodePath path) {
        return path.elements().isEmpty()
                ? Optional.of(root(snapshot))
                : find(snapshot, path).flatMap(SnapshotTree::subtree);
    }

    private static Optional<Id> subtree(Node node) {
        return node.kind() instanceof Node.Directory(var subtree) ? Optional.of(subtree) : Optional.empty();
    }

    private static List<Id> subtrees(List<Node> nodes) {
        return nodes.stream().flatMap(node -> subtree(node).stream()).toList();
    }

    /**
     * The entries of a directory, those of synthetic directories in their place, which are read one after another when
     * it is their turn. Such a directory has no others in it.
     *
     * @param all whether all of them will probably be read
     */
    private Iterable<List<Node>> pieces(Id tree, boolean all) {
        var stored = trees.tree(tree);
        if (stored.stream().noneMatch(TreeBuilder::isSplitPart)) return List.of(stored);
        if (all) trees.expect(subtrees(stored));
        return () -> stored.stream()
                .map(node -> TreeBuilder.isSplitPart(node)
                        ? subtree(node).map(trees::tree).orElseThrow()
                        : List.of(node))
                .iterator();
    }
}
