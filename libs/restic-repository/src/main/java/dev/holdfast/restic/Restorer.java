package dev.holdfast.restic;

import dev.holdfast.restic.RestoreQueue.Entry;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads snapshots. Every byte is verified by its tag and its hash before it leaves. Names that are not one path element
 * are skipped, so that nothing is restored outside the sink.
 */
public final class Restorer {
    private static final int MAX_DEPTH = 2_000;
    private static final int AHEAD_BYTES_PER_READER = 8 << 20;

    private final BlobReader trees;
    private final Selection selection;
    private final Progress progress;
    private final Runnable keepLock;
    private final RestoreQueue queue;

    private Restorer(BlobReader trees, Selection selection, Progress progress, Runnable keepLock, RestoreQueue queue) {
        this.trees = trees;
        this.selection = selection;
        this.progress = progress;
        this.keepLock = keepLock;
        this.queue = queue;
    }

    /** Restores what is selected, with one reader for each processor. */
    public static RestoreResult restore(
            Repository repository, Id snapshot, Selection selection, RestoreSink sink, Progress progress) {
        int readers = Runtime.getRuntime().availableProcessors();
        return restore(repository, snapshot, selection, sink, progress, readers);
    }

    /**
     * Restores what is selected, under a shared lock. The calling thread walks and writes.
     *
     * @param readers threads that fetch, decrypt, decompress and verify, at least 1; more hide the latency of a
     *     network. Each needs up to 35 MiB of memory, mostly far less.
     * @throws ResticException.Missing if there is no such snapshot, or its root tree is gone
     */
    public static RestoreResult restore(
            Repository repository, Id snapshot, Selection selection, RestoreSink sink, Progress progress, int readers) {
        try (var lock = repository.lock(RepositoryLock.Kind.SHARED)) {
            return restore(repository, snapshot, selection, sink, progress, readers, lock::keep);
        }
    }

    /**
     * The same under a shared lock that somebody holds for us.
     *
     * @param keepLock is called often: before every entry, and while data is read
     */
    public static RestoreResult restore(
            Repository repository,
            Id snapshot,
            Selection selection,
            RestoreSink sink,
            Progress progress,
            int readers,
            Runnable keepLock) {
        if (readers < 1) throw new IllegalArgumentException("readers must be positive");
        var wanted = repository.snapshot(snapshot).snapshot();
        var index = repository.loadIndexForReading();
        long aheadBytes = (long) readers * AHEAD_BYTES_PER_READER;
        try (var blobs = new BlobsAhead(repository, index, readers);
                var queue = new RestoreQueue(sink, progress, index, blobs, aheadBytes, keepLock)) {
            var trees = new BlobReader(repository, index);
            new Restorer(trees, selection, progress, keepLock, queue)
                    .directory(NodePath.ROOT, wanted.tree(), Optional.empty());
            return queue.finish();
        }
    }

    /** Calls {@code visitor} for every entry of a snapshot, parents first, in the order of names. Takes no lock. */
    public static void list(Repository repository, Id snapshot, BiConsumer<NodePath, Node> visitor) {
        var wanted = repository.snapshot(snapshot).snapshot();
        var trees = new BlobReader(repository, repository.loadIndexForReading());
        list(trees, NodePath.ROOT, wanted.tree(), visitor);
    }

    private static void list(BlobReader trees, NodePath path, Id tree, BiConsumer<NodePath, Node> visitor) {
        for (var node : entries(trees, path, tree)) {
            if (!node.name().isFileName()) continue;
            if (TreeBuilder.isSplitPart(node)) {
                if (node.kind() instanceof Node.Directory part) list(trees, path, part.subtree(), visitor);
                continue;
            }
            var child = path.child(node.name());
            visitor.accept(child, node);
            if (node.kind() instanceof Node.Directory directory) list(trees, child, directory.subtree(), visitor);
        }
    }

    private static List<Node> entries(BlobReader trees, NodePath path, Id tree) {
        int depth = path.elements().size();
        if (depth > MAX_DEPTH) throw new ResticException.TooLarge("depth of " + path, depth, MAX_DEPTH);
        return trees.tree(tree);
    }

    /** The entries of a synthetic directory take the place of it. */
    private void directory(NodePath path, Id tree, Optional<Entry> here) {
        for (var node : entries(trees, path, tree)) {
            if (!node.name().isFileName()) {
                queue.failed(path, new IOException("skipped the name " + node.name()));
            } else if (!TreeBuilder.isSplitPart(node)) {
                entry(path.child(node.name()), node, here);
            } else if (node.kind() instanceof Node.Directory part) {
                directory(path, part.subtree(), here);
            }
        }
    }

    private void entry(NodePath path, Node node, Optional<Entry> parent) {
        progress.check();
        keepLock.run();
        boolean inside = node.kind() instanceof Node.Directory && selection.mayIncludeInside(path);
        boolean wanted = selection.includes(path);
        if (!inside && !wanted) return;
        var entry = new Entry(parent, path, node);
        if (wanted) queue.openDirectory(parent);
        switch (node.kind()) {
            case Node.Directory directory -> {
                if (wanted) queue.openDirectory(Optional.of(entry));
                try {
                    directory(path, directory.subtree(), Optional.of(entry));
                } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
                    queue.failed(path, e);
                }
                queue.closeDirectory(entry);
            }
            case Node.File file -> queue.file(entry, file);
            case Node.Symlink _, Node.Device _, Node.Fifo _, Node.Socket _ -> queue.other(entry);
        }
    }
}
