package dev.holdfast.restic;

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
            found = entries(tree.get()).stream()
                    .filter(node -> node.name().equals(name))
                    .findFirst();
            tree = found.map(Node::kind)
                    .filter(Node.Directory.class::isInstance)
                    .map(Node.Directory.class::cast)
                    .map(Node.Directory::subtree);
        }
        return found;
    }

    /** The entries of a directory in the order of their names; empty if there is no directory at the path. */
    public Optional<List<Node>> list(Id snapshot, NodePath path) {
        if (path.elements().isEmpty()) return Optional.of(entries(root(snapshot)));
        return find(snapshot, path).map(Node::kind).flatMap(kind -> switch (kind) {
            case Node.Directory directory -> Optional.of(entries(directory.subtree()));
            case Node.File _, Node.Symlink _, Node.Device _, Node.Fifo _, Node.Socket _ -> Optional.empty();
        });
    }

    /**
     * Visits every entry below a directory, parents first, in the order of names, until the visitor says that it has
     * enough.
     */
    public void walk(Id snapshot, NodePath directory, BiPredicate<NodePath, Node> goOn) {
        if (directory.elements().isEmpty()) {
            walk(directory, root(snapshot), goOn);
        } else {
            find(snapshot, directory)
                    .map(Node::kind)
                    .filter(Node.Directory.class::isInstance)
                    .map(Node.Directory.class::cast)
                    .ifPresent(found -> walk(directory, found.subtree(), goOn));
        }
    }

    private boolean walk(NodePath path, Id tree, BiPredicate<NodePath, Node> goOn) {
        var entries = entries(tree);
        trees.expect(subtrees(entries));
        for (var node : entries) {
            if (!node.name().isFileName()) continue;
            var child = path.child(node.name());
            if (!goOn.test(child, node)) return false;
            if (node.kind() instanceof Node.Directory directory && !walk(child, directory.subtree(), goOn))
                return false;
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

    private static List<Id> subtrees(List<Node> nodes) {
        return nodes.stream()
                .map(Node::kind)
                .filter(Node.Directory.class::isInstance)
                .map(kind -> ((Node.Directory) kind).subtree())
                .toList();
    }

    /** The entries of synthetic directories take the place of these. */
    private List<Node> entries(Id tree) {
        var stored = trees.tree(tree);
        if (stored.stream().noneMatch(TreeBuilder::isSplitPart)) return stored;
        trees.expect(subtrees(stored));
        var entries = new ArrayList<Node>();
        for (var node : stored) {
            if (TreeBuilder.isSplitPart(node) && node.kind() instanceof Node.Directory part) {
                entries.addAll(entries(part.subtree()));
            } else {
                entries.add(node);
            }
        }
        return entries;
    }
}
