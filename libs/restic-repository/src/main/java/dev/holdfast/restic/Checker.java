package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.PackHeader;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Stated;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds damage: index against packs, snapshots against trees, trees against blobs, and the bytes of packs as wanted.
 * Reports all of it instead of stopping at the first. Holds a shared lock, for backups may go on.
 */
public final class Checker {
    private static final int MAX_FINDINGS = 1_000;

    private final Repository repository;
    private final Progress progress;
    private final Runnable keepLock;
    private final BiConsumer<Id, List<Node>> found;
    private final List<String> errors = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private long errorCount;
    private long vouchedFor;
    private long withoutChecksum;

    private Checker(Repository repository, Progress progress, Runnable keepLock, BiConsumer<Id, List<Node>> found) {
        this.repository = repository;
        this.progress = progress;
        this.keepLock = keepLock;
        this.found = found;
    }

    /** Which packs to read whole. */
    public sealed interface ReadData {
        /** None: structure only. Trees are read, for they are structure. */
        record Nothing() implements ReadData {}

        /** None either: of every pack the store is asked for the size and the checksum that it keeps. */
        record Checksums() implements ReadData {}

        /**
         * Part {@code number} of {@code parts} about equal ones (0 ≤ number < parts ≤ 256); one part each day sees
         * every pack in turn, since a pack is always in the same part.
         */
        record Part(int number, int parts) implements ReadData {
            public Part {
                if (parts < 1 || parts > 256 || number < 0 || number >= parts) {
                    throw new IllegalArgumentException("part " + number + " of " + parts);
                }
            }
        }

        /** All of them. */
        record Everything() implements ReadData {}

        private boolean includes(Id pack) {
            return switch (this) {
                case Nothing _, Checksums _ -> false;
                case Part part -> (pack.a() >>> 56) % part.parts == part.number;
                case Everything _ -> true;
            };
        }
    }

    /** {@code threads} read packs, each holding one in memory; or ask for their checksums. */
    public static CheckReport check(Repository repository, ReadData readData, int threads, Progress progress) {
        try (var lock = repository.lock(RepositoryLock.Kind.SHARED)) {
            return check(repository, readData, threads, progress, lock::keep);
        }
    }

    /**
     * The same under a shared lock that somebody holds for us; {@code keepLock} is called often, by several threads.
     */
    public static CheckReport check(
            Repository repository, ReadData readData, int threads, Progress progress, Runnable keepLock) {
        return check(repository, readData, threads, progress, keepLock, (_, _) -> {});
    }

    /** The same; {@code found} is told every tree that a snapshot refers to, once, as it is stored. */
    public static CheckReport check(
            Repository repository,
            ReadData readData,
            int threads,
            Progress progress,
            Runnable keepLock,
            BiConsumer<Id, List<Node>> found) {
        return new Checker(repository, progress, keepLock, found).run(readData, threads);
    }

    private CheckReport run(ReadData readData, int threads) {
        var packs = new HashMap<Id, Long>();
        for (var named : repository.objects().list("data")) packs.put(named.id(), named.sizeBytes());
        var snapshots = snapshots();
        var index = index();
        var damaged = packs(index, packs);
        trees(snapshots, index);
        if (readData instanceof ReadData.Checksums) askForChecksums(index, damaged, threads);
        long read = readPacks(index, readData, threads);
        return new CheckReport(
                errors,
                hints,
                errorCount,
                snapshots.size(),
                packs.size(),
                index.size(),
                read,
                vouchedFor,
                withoutChecksum);
    }

    private List<StoredSnapshot> snapshots() {
        var snapshots = new ArrayList<StoredSnapshot>();
        for (var named : repository.objects().list("snapshots")) {
            attempt("snapshot " + named.id().brief(), () -> snapshots.add(repository.snapshot(named.id())));
        }
        return snapshots;
    }

    private BlobIndex index() {
        var index = new BlobIndex();
        var known = new HashMap<Id, List<PackedBlob>>();
        var twice = new HashSet<Id>();
        attempt(
                "index",
                () -> repository
                        .indexFiles()
                        .read(
                                (file, reading) -> attempt("index " + file.brief(), reading),
                                (pack, blobs) -> twice.addAll(addPack(index, known, pack, blobs)),
                                _ -> {}));
        for (var pack : twice) hint("pack " + pack.brief() + " is in two index files");
        return index;
    }

    private List<Id> addPack(BlobIndex index, Map<Id, List<PackedBlob>> known, Id pack, List<PackedBlob> blobs) {
        // Only the shape of a pack is remembered: a list of all blobs would be the index once more.
        var shape =
                List.of(blobs.isEmpty() ? new PackedBlob(new BlobKey(BlobType.DATA, pack), 0, 32, 0) : blobs.getLast());
        var before = known.putIfAbsent(pack, shape);
        if (before == null) {
            index.add(pack, blobs);
            return List.of();
        }
        if (!before.equals(shape)) error("pack " + pack + " is in two index files, with different blobs");
        return List.of(pack);
    }

    /** Returns the packs that are missing or of another size. */
    private Set<Id> packs(BlobIndex index, Map<Id, Long> stored) {
        var unreferenced = new HashSet<>(stored.keySet());
        var damaged = new HashSet<Id>();
        for (int number = 0; number < index.packCount(); number++) {
            var pack = index.pack(number);
            unreferenced.remove(pack);
            long size = stored.getOrDefault(pack, -1L);
            if (size < 0) size = repository.objects().size(ObjectStore.packKey(pack)); // stored since the listing
            var blobs = index.blobsOf(number);
            if (size != PackHeader.fileBytes(blobs)) {
                error(otherSize(pack, size, PackHeader.fileBytes(blobs)));
                damaged.add(pack);
            }
            if (!contiguous(blobs)) error("the index of pack " + pack + " has gaps or overlaps");
        }
        for (var pack : unreferenced) hint("pack " + pack + " is in no index");
        return damaged;
    }

    private static String otherSize(Id pack, long size, long byIndex) {
        return size < 0
                ? "pack " + pack + " does not exist"
                : "pack " + pack + " has " + size + " bytes, by the index " + byIndex;
    }

    private static boolean contiguous(List<PackedBlob> blobs) {
        long at = 0;
        for (var blob : inOrder(blobs)) {
            if (blob.offset() != at) return false;
            at += blob.length();
        }
        return true;
    }

    private static List<PackedBlob> inOrder(List<PackedBlob> blobs) {
        return blobs.stream()
                .sorted(Comparator.comparingInt(PackedBlob::offset))
                .toList();
    }

    private void trees(List<StoredSnapshot> snapshots, BlobIndex index) {
        var walk = new TreeWalk(index, new BlobReader(repository, index));
        var visitor = new TreeWalk.Visitor() {
            @Override
            public void tree(Id id, List<Node> nodes) {
                progress.start("tree " + id.brief());
                keepLock.run();
                for (var node : nodes) entry(id, node, index);
                found.accept(id, nodes);
            }

            @Override
            public void unreadable(Id id, ResticException why) {
                error(String.valueOf(why.getMessage()));
            }
        };
        for (var snapshot : snapshots) walk.walk(snapshot.snapshot().tree(), visitor);
    }

    private void entry(Id tree, Node node, BlobIndex index) {
        var where = "tree " + tree.brief() + ", entry " + node.name();
        if (!node.name().isFileName()) error(where + ": not a file name");
        if (!(node.kind() instanceof Node.File file)) return;
        long size = 0;
        for (var id : file.content()) {
            int blob = index.find(new BlobKey(BlobType.DATA, id));
            if (blob < 0) error(where + ": blob " + id + " is in no index");
            else size += index.blob(blob).plainBytes();
        }
        if (size != file.sizeBytes()) hint(where + ": " + file.sizeBytes() + " bytes, but its blobs have " + size);
    }

    /** One call for each pack, {@code threads} at a time; none for those that are damaged for sure. */
    private void askForChecksums(BlobIndex index, Set<Id> damaged, int threads) {
        try (var workers = new Workers<>("restic-check", threads, threads, () -> "")) {
            for (int number = 0; number < index.packCount(); number++) {
                var pack = index.pack(number);
                if (damaged.contains(pack)) continue;
                long byIndex = PackHeader.fileBytes(index.blobsOf(number));
                progress.start("pack " + pack.brief());
                keepLock.run();
                workers.submit(1, _ -> askForChecksum(pack, byIndex));
                progress.finishFile();
            }
            workers.await();
        }
    }

    private void askForChecksum(Id pack, long byIndex) {
        var stated = repository.objects().stated(ObjectStore.packKey(pack));
        long size = stated.map(Stated::sizeBytes).orElse(-1L);
        var sha256 = stated.flatMap(Stated::sha256);
        if (size != byIndex) error(otherSize(pack, size, byIndex));
        else if (sha256.isEmpty()) count(() -> withoutChecksum++);
        else if (sha256.get().equals(pack)) count(() -> vouchedFor++);
        else error("pack " + pack + ": by the store's checksum, the content does not match its name");
    }

    private synchronized void count(Runnable counting) {
        counting.run();
    }

    private long readPacks(BlobIndex index, ReadData readData, int threads) {
        long read = 0;
        try (var workers = new Workers<>("restic-check", threads, threads, () -> new BlobReader(repository, index))) {
            for (int number = 0; number < index.packCount(); number++) {
                var pack = index.pack(number);
                if (!readData.includes(pack)) continue;
                var blobs = index.blobsOf(number);
                progress.start("pack " + pack.brief());
                keepLock.run();
                workers.submit(1, reader -> attempt("pack " + pack, () -> readPack(pack, blobs, reader)));
                progress.finishFile();
                read++;
            }
            workers.await();
        }
        return read;
    }

    private void readPack(Id pack, List<PackedBlob> indexed, BlobReader reader) {
        var key = ObjectStore.packKey(pack);
        var bytes = repository
                .objects()
                .whole(key, repository.environment().limits().pack());
        if (!Id.hashOf(bytes).equals(pack)) error("pack " + pack + ": the content does not match its name");
        for (var blob : indexed) {
            if ((long) blob.offset() + blob.length() > bytes.length) {
                error("pack " + pack + " ends inside " + blob.key());
                continue;
            }
            attempt("pack " + pack, () -> reader.open(pack, blob, bytes, blob.offset()));
        }
        if (!PackReader.header(repository, bytes).equals(inOrder(indexed))) {
            error("pack " + pack + ": its header names other blobs than the index");
        }
    }

    private void attempt(String what, Runnable reading) {
        try {
            reading.run();
        } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
            error(what + ": " + e.getMessage());
        }
    }

    private synchronized void error(String what) {
        errorCount++;
        if (errors.size() < MAX_FINDINGS) errors.add(what);
    }

    private synchronized void hint(String what) {
        if (hints.size() < MAX_FINDINGS) hints.add(what);
    }
}
