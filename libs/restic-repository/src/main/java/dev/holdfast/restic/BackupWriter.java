package dev.holdfast.restic;

import dev.holdfast.restic.BackupTally.Change;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Makes snapshots. Walks the source depth first on the calling thread; a file that looks as in the parent snapshot is
 * not read. Memory does not depend on the size of the source, nor on that of the repository, but for one list of
 * entries for each open directory.
 */
public final class BackupWriter {
    public static final String PROGRAM = "holdfast 0.1";
    /** Put on a snapshot in which a large directory was split (see {@link TreeBuilder}). */
    public static final String SPLIT_TAG = "flat-split";

    private final Repository repository;
    private final BackupRequest request;
    private final Progress progress;
    private final BackupTally tally = new BackupTally();
    private final BlobIndex index;
    private final BlobWriter blobs;
    private final BlobReader reader;
    private final Optional<RepositoryLock> lock;
    private final Runnable confirmLock;

    private BackupWriter(
            Repository repository,
            BackupRequest request,
            Progress progress,
            BlobIndex index,
            BlobWriter blobs,
            BlobReader reader,
            Optional<RepositoryLock> lock,
            Runnable confirmLock) {
        this.repository = repository;
        this.request = request;
        this.progress = progress;
        this.index = index;
        this.blobs = blobs;
        this.reader = reader;
        this.lock = lock;
        this.confirmLock = confirmLock;
    }

    /**
     * Reads the source and stores a snapshot. Entries that cannot be read are left out and reported. After a failure or
     * a crash no snapshot exists, and the next backup finds most of what was stored.
     *
     * @throws ResticException.Locked if somebody maintains the repository
     * @throws ResticException.Cancelled if {@code progress} or an interrupt said so
     */
    public static BackupResult backup(Repository repository, BackupRequest request, Progress progress) {
        if (!request.lock()) return backup(repository, request, progress, Optional.empty());
        // Reading begins while the lock settles; nothing is stored before it is confirmed.
        try (var lock = RepositoryLock.announce(repository, RepositoryLock.Kind.SHARED)) {
            return backup(repository, request, progress, Optional.of(lock));
        }
    }

    private static BackupResult backup(
            Repository repository, BackupRequest request, Progress progress, Optional<RepositoryLock> lock) {
        var prepared = prepare(repository, request, progress, lock, (_, _) -> {});
        return prepared.stored(repository.store(repository.seal(prepared.snapshot())));
    }

    /**
     * Reads the source and stores all but the snapshot, for a caller that seals it once and stores the same bytes
     * however often it is repeated. Somebody must hold a shared lock from before this until the snapshot is stored: the
     * request is one without a lock.
     */
    public static PreparedBackup prepare(Repository repository, BackupRequest request, Progress progress) {
        return prepare(repository, request, progress, (_, _) -> {});
    }

    /** The same; {@code stored} is told the root as soon as all is stored that it refers to. */
    public static PreparedBackup prepare(
            Repository repository, BackupRequest request, Progress progress, BiConsumer<Id, Trees> stored) {
        if (request.lock()) throw new IllegalArgumentException("the lock must outlive this: hold it yourself");
        return prepare(repository, request, progress, Optional.empty(), stored);
    }

    private static PreparedBackup prepare(
            Repository repository,
            BackupRequest request,
            Progress progress,
            Optional<RepositoryLock> lock,
            BiConsumer<Id, Trees> stored) {
        var start = repository.environment().clock().instant();
        var parent = request.parent().map(repository::snapshot);
        var loaded = repository.indexFiles().loadToWrite();
        var index = loaded.index();
        var readable = loaded.whole() || parent.isEmpty()
                ? index
                : repository.indexFiles().loadForReading();
        Runnable confirmLock = () -> lock.ifPresent(it -> it.confirm(() -> requireIndex(repository, loaded.files())));
        try (var blobs = BlobWriter.open(repository, index, request.options(), confirmLock)) {
            var reader = new BlobReader(repository, readable);
            var writer = new BackupWriter(repository, request, progress, index, blobs, reader, lock, confirmLock);
            var prepared = writer.run(start, parent);
            stored.accept(prepared.snapshot().tree(), blobs.trees());
            return prepared;
        }
    }

    /** A prune that ended before our lock held may have removed what we take for stored. */
    private static void requireIndex(Repository repository, Set<Id> loaded) {
        if (!repository.indexFiles().list().containsAll(loaded)) {
            throw new ResticException.Locked("somebody who changed the index just now: try again");
        }
    }

    private PreparedBackup run(Instant start, Optional<StoredSnapshot> parent) {
        var before = parent.map(it -> ParentDirectory.of(it.snapshot().tree(), reader))
                .orElseGet(ParentDirectory::none);
        var root = directory(request.root(), "", before);
        confirmLock.run();
        var added = blobs.flush();
        lock.ifPresent(RepositoryLock::keep);
        var summary = tally.summary(start, repository.environment().clock().instant(), added);
        var tags = new ArrayList<>(request.tags());
        if (tally.wasSplit()) tags.add(SPLIT_TAG);
        var snapshot = new Snapshot(
                start.atOffset(ZoneOffset.UTC),
                request.parent(),
                root,
                request.paths(),
                request.hostname(),
                repository.environment().username(),
                0,
                0,
                List.of(),
                tags,
                Optional.empty(),
                PROGRAM,
                Optional.of(summary));
        return tally.result(snapshot, summary, added);
    }

    private Id directory(SourceDirectory directory, String path, ParentDirectory before) {
        var tree = new TreeBuilder(blobs);
        try {
            var children = directory.children().list();
            while (children.hasNext()) add(children.next(), path, before, tree);
        } catch (IOException | UncheckedIOException e) {
            tally.failure(path.isEmpty() ? "/" : path, e);
        }
        if (tree.wasSplit()) tally.split();
        return tree.finish();
    }

    private void add(SourceEntry entry, String parentPath, ParentDirectory siblings, TreeBuilder tree) {
        var path = parentPath + "/" + entry.name();
        progress.start(path);
        lock.ifPresent(RepositoryLock::keep);
        var before = siblings.find(entry.name());
        var kind = switch (entry) {
            case SourceFile file -> file(file, path, before);
            case SourceDirectory directory -> Optional.of(subdirectory(directory, path, before));
            case SourceOther other -> Optional.of(other.kind());
        };
        kind.ifPresent(it -> tree.add(new Node(entry.name(), it, entry.attributes())));
    }

    private Node.Kind subdirectory(SourceDirectory directory, String path, Optional<Node> before) {
        var old =
                before.map(Node::kind).filter(Node.Directory.class::isInstance).map(Node.Directory.class::cast);
        var inside = old.map(it -> ParentDirectory.of(it.subtree(), reader)).orElseGet(ParentDirectory::none);
        var subtree = directory(directory, path, inside);
        if (old.isEmpty()) tally.directory(Change.NEW);
        else tally.directory(old.get().subtree().equals(subtree) ? Change.UNMODIFIED : Change.CHANGED);
        return new Node.Directory(subtree);
    }

    private Optional<Node.Kind> file(SourceFile file, String path, Optional<Node> before) {
        var unchanged = before.flatMap(node -> unchanged(file, node));
        if (unchanged.isPresent()) {
            tally.file(Change.UNMODIFIED, unchanged.get().sizeBytes());
            progress.finishFile();
            return Optional.of(unchanged.get());
        }
        try (var in = file.content().open()) {
            var stored = blobs.storeFile(in, this::pieceRead);
            var content = new Node.File(stored.sizeBytes(), stored.blobs());
            tally.file(change(before, content), stored.sizeBytes());
            progress.finishFile();
            return Optional.of(content);
        } catch (IOException | UncheckedIOException e) {
            tally.failure(path, e);
            return Optional.empty();
        }
    }

    /** A file that had to be read is unmodified if its content turns out to be as before. */
    private static Change change(Optional<Node> before, Node.File content) {
        if (before.isEmpty()) return Change.NEW;
        return before.get().kind().equals(content) ? Change.UNMODIFIED : Change.CHANGED;
    }

    private void pieceRead(int bytes) {
        lock.ifPresent(RepositoryLock::keep);
        progress.addBytes(bytes);
    }

    /** The old content, if size, times, inode and attributes are the same and all its blobs are still there. */
    private Optional<Node.File> unchanged(SourceFile file, Node before) {
        if (!(before.kind() instanceof Node.File old) || file.sizeBytes() != old.sizeBytes()) return Optional.empty();
        var was = before.attributes();
        var is = file.attributes();
        boolean same = was.modified().equals(is.modified())
                && was.changed().equals(is.changed())
                && was.inode() == is.inode()
                && was.extended().equals(is.extended());
        if (!same || !old.content().stream().allMatch(id -> index.contains(new BlobKey(BlobType.DATA, id)))) {
            return Optional.empty();
        }
        return Optional.of(old);
    }
}
