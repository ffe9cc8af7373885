package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads snapshots. Every byte is verified by its tag and its hash before it leaves. Names that are not one path element
 * are skipped, so that nothing is restored outside the sink.
 */
public final class Restorer {
    private static final int MAX_DEPTH = 2_000;
    private static final int MAX_FAILURES = 1_000;

    private final BlobReader reader;
    private final List<String> failures = new ArrayList<>();
    private long failureCount;
    private long files;
    private long directories;
    private long bytes;

    private Restorer(Repository repository) {
        this.reader = new BlobReader(repository, repository.loadIndexForReading());
    }

    /**
     * Restores what is selected, under a shared lock.
     *
     * @throws ResticException.Missing if there is no such snapshot, or its root tree is gone
     */
    public static RestoreResult restore(
            Repository repository, Id snapshot, Selection selection, RestoreSink sink, Progress progress) {
        try (var lock = repository.lock(RepositoryLock.Kind.SHARED)) {
            var wanted = repository.snapshot(snapshot).snapshot();
            return new Restorer(repository).restore(wanted, selection, sink, progress, lock);
        }
    }

    /** Calls {@code visitor} for every entry of a snapshot, parents first, in the order of names. Takes no lock. */
    public static void list(Repository repository, Id snapshot, BiConsumer<NodePath, Node> visitor) {
        var wanted = repository.snapshot(snapshot).snapshot();
        new Restorer(repository).list(NodePath.ROOT, wanted.tree(), visitor);
    }

    private void list(NodePath path, Id tree, BiConsumer<NodePath, Node> visitor) {
        for (var node : entries(path, tree)) {
            if (TreeBuilder.isSplitPart(node)) {
                if (node.kind() instanceof Node.Directory part) list(path, part.subtree(), visitor);
                continue;
            }
            var child = path.child(node.name());
            visitor.accept(child, node);
            if (node.kind() instanceof Node.Directory directory) list(child, directory.subtree(), visitor);
        }
    }

    private RestoreResult restore(
            Snapshot snapshot, Selection selection, RestoreSink sink, Progress progress, RepositoryLock lock) {
        new Walk(selection, sink, progress, lock).restore(snapshot.tree());
        return new RestoreResult(files, directories, bytes, failures, failureCount);
    }

    private void failed(NodePath path, Exception e) {
        failureCount++;
        if (failures.size() < MAX_FAILURES) failures.add(path + ": " + e.getMessage());
    }

    private List<Node> entries(NodePath path, Id tree) {
        int depth = path.elements().size();
        if (depth > MAX_DEPTH) throw new ResticException.TooLarge("depth of " + path, depth, MAX_DEPTH);
        var entries = reader.tree(tree);
        for (var node : entries) {
            if (!node.name().isFileName()) failed(path, new IOException("skipped the name " + node.name()));
        }
        return entries.stream().filter(node -> node.name().isFileName()).toList();
    }

    /** One restore into one sink. */
    private final class Walk {
        private final Selection selection;
        private final RestoreSink sink;
        private final Progress progress;
        private final RepositoryLock lock;
        private final Deque<Closed> closed = new ArrayDeque<>();

        /** A directory that is opened as soon as something in it is wanted. */
        private record Closed(NodePath path, Node node) {}

        Walk(Selection selection, RestoreSink sink, Progress progress, RepositoryLock lock) {
            this.selection = selection;
            this.sink = sink;
            this.progress = progress;
            this.lock = lock;
        }

        void restore(Id root) {
            directory(NodePath.ROOT, root);
        }

        /** The entries of a synthetic directory take the place of it. */
        private void directory(NodePath path, Id tree) {
            for (var node : entries(path, tree)) {
                if (!TreeBuilder.isSplitPart(node)) attempt(path.child(node.name()), node);
                else if (node.kind() instanceof Node.Directory part) directory(path, part.subtree());
            }
        }

        private void attempt(NodePath path, Node node) {
            progress.start(path.toString());
            lock.keep();
            boolean inside = node.kind() instanceof Node.Directory && selection.mayIncludeInside(path);
            boolean wanted = selection.includes(path);
            if (!inside && !wanted) return;
            try {
                if (wanted) openAround();
                entry(path, node, wanted);
            } catch (IOException | ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
                failed(path, e);
            }
        }

        private void openAround() throws IOException {
            while (!closed.isEmpty()) {
                var directory = closed.removeFirst();
                sink.openDirectory(directory.path(), directory.node());
                directories++;
            }
        }

        private void entry(NodePath path, Node node, boolean wanted) throws IOException {
            switch (node.kind()) {
                case Node.Directory directory -> {
                    closed.addLast(new Closed(path, node));
                    if (wanted) openAround();
                    directory(path, directory.subtree());
                    boolean opened = closed.isEmpty();
                    if (opened) sink.closeDirectory(path, node);
                    else closed.removeLast();
                }
                case Node.File file -> {
                    try (var out = sink.openFile(path, node)) {
                        content(path, file, out);
                    }
                    sink.closeFile(path, node);
                    files++;
                    progress.finishFile();
                }
                case Node.Symlink _, Node.Device _, Node.Fifo _, Node.Socket _ -> sink.other(path, node);
            }
        }

        private void content(NodePath path, Node.File file, OutputStream out) throws IOException {
            long size = 0;
            for (var id : file.content()) {
                var piece = reader.read(new BlobKey(BlobType.DATA, id));
                out.write(piece);
                size += piece.length;
                bytes += piece.length;
                progress.addBytes(piece.length);
                lock.keep();
            }
            if (size != file.sizeBytes()) {
                throw new IOException(path + " has " + size + " bytes, its entry says " + file.sizeBytes());
            }
        }
    }
}
