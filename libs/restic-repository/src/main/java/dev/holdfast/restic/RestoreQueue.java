package dev.holdfast.restic;

import dev.holdfast.restic.BlobsAhead.Piece;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a restore will do to its sink, in order. The walk through the trees runs ahead of the sink, so that other
 * threads read and verify the content meanwhile; both are the work of the calling thread. Memory is bounded by the
 * bytes that were asked for and not yet written, and by the number of steps.
 */
final class RestoreQueue implements AutoCloseable {
    private static final int MAX_STEPS = 8_192;
    private static final int MAX_FAILURES = 1_000;

    private final RestoreSink sink;
    private final Progress progress;
    private final BlobIndex index;
    private final BlobsAhead blobs;
    private final long maxBytes;
    private final Runnable keepLock;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final List<String> failures = new ArrayList<>();
    private Optional<OutputStream> open = Optional.empty();
    private long failureCount;
    private Optional<String> damage = Optional.empty();
    private long files;
    private long directories;
    private long bytes;
    private long waitingBytes;

    RestoreQueue(
            RestoreSink sink, Progress progress, BlobIndex index, BlobsAhead blobs, long maxBytes, Runnable keepLock) {
        this.sink = sink;
        this.progress = progress;
        this.index = index;
        this.blobs = blobs;
        this.maxBytes = maxBytes;
        this.keepLock = keepLock;
    }

    /** An entry whose steps are left out after one of them failed, and those of all entries under it. */
    static final class Entry {
        private final Optional<Entry> parent;
        private final NodePath path;
        private final Node node;
        private boolean failed;
        private boolean asked;
        private long writtenBytes;

        Entry(Optional<Entry> parent, NodePath path, Node node) {
            this.parent = parent;
            this.path = path;
            this.node = node;
        }

        private boolean leftOut() {
            return failed || parent.map(Entry::leftOut).orElse(false);
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private record Step(Entry entry, int bytes, Action action) {}

    /** Opens the directory and those around it, unless that was asked for before. */
    void openDirectory(Optional<Entry> wanted) {
        if (wanted.isEmpty() || wanted.get().asked) return;
        var entry = wanted.get();
        openDirectory(entry.parent);
        entry.asked = true;
        add(entry, () -> {
            sink.openDirectory(entry.path, entry.node);
            directories++;
        });
    }

    /** Closes the directory if it was opened. */
    void closeDirectory(Entry entry) {
        if (entry.asked) add(entry, () -> sink.closeDirectory(entry.path, entry.node));
    }

    void other(Entry entry) {
        add(entry, () -> sink.other(entry.path, entry.node));
    }

    void file(Entry entry, Node.File file) {
        add(entry, () -> {
            progress.start(entry.path.toString());
            open = Optional.of(sink.openFile(entry.path, entry.node));
        });
        for (var id : file.content()) {
            var key = new BlobKey(BlobType.DATA, id);
            int blob = index.find(key);
            int length = blob < 0 ? 0 : index.blob(blob).plainBytes();
            makeRoom(length);
            if (entry.leftOut()) return; // it has failed meanwhile: read no more of it
            var piece = blobs.ask(key, length);
            add(new Step(entry, length, () -> write(entry, file, piece)));
        }
        add(entry, () -> finish(entry, file));
    }

    private void write(Entry entry, Node.File file, Piece piece) throws IOException {
        var plain = blobs.take(piece);
        if (plain.length > file.sizeBytes() - entry.writtenBytes) {
            throw new IOException(entry.path + " has more bytes than its entry says: " + file.sizeBytes());
        }
        open.orElseThrow().write(plain);
        entry.writtenBytes += plain.length;
        bytes += plain.length;
        progress.addBytes(plain.length);
        keepLock.run();
    }

    private void finish(Entry entry, Node.File file) throws IOException {
        closeFile();
        if (entry.writtenBytes != file.sizeBytes()) {
            throw new IOException(
                    entry.path + " has " + entry.writtenBytes + " bytes, its entry says " + file.sizeBytes());
        }
        sink.closeFile(entry.path, entry.node);
        files++;
        progress.finishFile();
    }

    private void closeFile() throws IOException {
        var closing = open;
        open = Optional.empty();
        if (closing.isPresent()) closing.get().close();
    }

    private void add(Entry entry, Action action) {
        add(new Step(entry, 0, action));
    }

    private void add(Step step) {
        steps.add(step);
        waitingBytes += step.bytes;
        if (steps.size() > MAX_STEPS) runNext();
    }

    private void makeRoom(int length) {
        while (!steps.isEmpty() && waitingBytes + length > maxBytes) runNext();
    }

    private void runNext() {
        var step = steps.remove();
        waitingBytes -= step.bytes;
        if (step.entry.leftOut()) return;
        try {
            step.action.run();
        } catch (IOException | ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
            step.entry.failed = true;
            failed(step.entry.path, e);
            closeFailed();
        }
    }

    private void closeFailed() {
        try {
            closeFile();
        } catch (IOException e) {
            // The file is reported already.
        }
    }

    void failed(NodePath path, Exception e) {
        failureCount++;
        var failure = path + ": " + e.getMessage();
        if (failures.size() < MAX_FAILURES) failures.add(failure);
        var isDamage = e instanceof ResticException.Damaged || e instanceof ResticException.Missing;
        if (damage.isEmpty() && isDamage) damage = Optional.of(failure);
    }

    /** Does all that is left. */
    RestoreResult finish() {
        while (!steps.isEmpty()) runNext();
        return new RestoreResult(files, directories, bytes, failures, failureCount, damage);
    }

    /** Leaves the rest undone. */
    @Override
    public void close() {
        closeFailed();
    }
}
