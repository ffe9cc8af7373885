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
    private static final int MAX_DEPTH = 1_000;
    private static final int AHEAD_BYTES_PER_READER = 8 << 20;

    private final Trees trees;
    private final Part part;
    private final Progress progress;
    private final Runnable keepLock;
    private final RestoreQueue queue;

    /**
     * What is to be restored.
     *
     * @param tree the root tree of a snapshot
     * @param selection what of it
     * @param range what of that: restores of ranges that make all of the tree make one restore together
     */
    public record Part(Id tree, Selection selection, TreeRange range) {
        boolean includes(NodePath path, List<Integer> place) {
            return range.holds(place) && selection.includes(path);
        }

        boolean mayIncludeInside(NodePath path, List<Integer> place) {
            return range.reachesInto(place) && selection.mayIncludeInside(path);
        }
    }

    private Restorer(Trees trees, Part part, Progress progress, Runnable keepLock, RestoreQueue queue) {
        this.trees = trees;
        this.part = part;
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
        var tree = repository.snapshot(snapshot).snapshot().tree();
        return restore(repository, new Part(tree, selection, TreeRange.ALL), sink, progress, readers, keepLock);
    }

    /**
     * The same for a part of a tree. A directory that has some of it is opened and closed, whichever part it lies in.
     *
     * @throws ResticException.Missing if the tree is gone
     */
    public static RestoreResult restore(
            Repository repository, Part part, RestoreSink sink, Progress progress, int readers, Runnable keepLock) {
        if (readers < 1) throw new IllegalArgumentException("readers must be positive");
        var index = repository.indexFiles().loadForReading();
        long aheadBytes = (long) readers * AHEAD_BYTES_PER_READER;
        try (var blobs = new BlobsAhead(repository, index, readers);
                var queue = new RestoreQueue(sink, progress, index, blobs, aheadBytes, keepLock)) {
            var trees = new BlobReader(repository, index);
            new Restorer(trees::tree, part, progress, keepLock, queue)
                    .entries(NodePath.ROOT, List.of(), part.tree(), Optional.empty(), false);
            return queue.finish();
        }
    }

    /** Calls {@code visitor} for every entry of a snapshot, parents first, in the order of names. Takes no lock. */
    public static void list(Repository repository, Id snapshot, BiConsumer<NodePath, Node> visitor) {
        SnapshotTree.open(repository).walk(snapshot, NodePath.ROOT, (path, node) -> {
            visitor.accept(path, node);
            return true;
        });
    }

    /** {@code depth}: of trees in one another. Each takes a piece of the stack. */
    static void requireDepth(NodePath path, int depth) {
        if (depth > MAX_DEPTH) throw new ResticException.TooLarge("depth of " + path, depth, MAX_DEPTH);
    }

    /** The entries of a synthetic directory, which has no others in it, take the place of it. */
    private void entries(NodePath path, List<Integer> place, Id tree, Optional<Entry> here, boolean synthetic) {
        requireDepth(path, place.size());
        int number = 0;
        for (var node : trees.tree(tree)) {
            var at = TreeRange.inside(place, number++);
            if (!node.name().isFileName()) {
                if (part.range().holds(at)) queue.failed(path, new IOException("skipped the name " + node.name()));
            } else if (synthetic || !TreeBuilder.isSplitPart(node)) {
                entry(path.child(node.name()), at, node, here);
            } else if (node.kind() instanceof Node.Directory split
                    && part.range().reachesInto(at)) {
                entries(path, at, split.subtree(), here, true);
            }
        }
    }

    private void entry(NodePath path, List<Integer> place, Node node, Optional<Entry> parent) {
        progress.check();
        keepLock.run();
        boolean inside = node.kind() instanceof Node.Directory && part.mayIncludeInside(path, place);
        boolean wanted = part.includes(path, place);
        if (!inside && !wanted) return;
        var entry = new Entry(parent, path, node);
        if (wanted) queue.openDirectory(parent);
        switch (node.kind()) {
            case Node.Directory directory -> {
                if (wanted) queue.openDirectory(Optional.of(entry));
                try {
                    entries(path, place, directory.subtree(), Optional.of(entry), false);
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
