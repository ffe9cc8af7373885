package dev.holdfast.restic;

import dev.holdfast.restic.chunk.Chunker;
import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Stores blobs that the repository does not have. The calling thread reads, cuts and hashes; workers compress, encrypt
 * and fill packs; uploaders store them. Every queue is bounded, so that a slow storage slows the reader. Used by one
 * thread. {@link BackupWriter} and {@link Copier} are built on it, and so may be a backup that is spread over
 * processes.
 *
 * <p>Somebody must hold a shared lock from before the opening until a snapshot refers to the blobs.
 */
public final class BlobWriter implements AutoCloseable {
    private static final int WAITING_BATCH_BYTES = Chunker.MAX_BYTES;

    private final Repository repository;
    private final BlobIndex known;
    private final BlobIndex added = new BlobIndex();
    private final OpenPacks open;
    private final IndexWriter indexWriter;
    private final Workers<BlobSealer> sealers;
    private final Workers<Sealer> uploaders;
    private final Chunker chunker;
    private final Set<BlobKey> pending = ConcurrentHashMap.newKeySet();
    private final Queue<BlobBatch> emptied = new ConcurrentLinkedQueue<>();
    private final Runnable beforeStoring;
    private final AtomicLong storedBytes = new AtomicLong();
    private BlobBatch filling = new BlobBatch();
    private long dataBlobs;
    private long treeBlobs;
    private long dataBytes;
    private long plainBytes;

    private BlobWriter(
            Repository repository,
            BlobIndex index,
            WriterOptions options,
            Runnable beforeStoring,
            Consumer<byte[]> storeIndex) {
        this.repository = repository;
        this.known = index;
        this.beforeStoring = beforeStoring;
        this.open = new OpenPacks(options.packBytes(), repository.environment().random());
        this.indexWriter = new IndexWriter(repository, storeIndex);
        this.chunker = new Chunker(repository.config().chunkerPolynomial());
        this.sealers = new Workers<>(
                "restic-seal",
                options.workers(),
                options.workers() + options.queueBytes() / WAITING_BATCH_BYTES,
                () -> new BlobSealer(repository, options.verify()));
        this.uploaders = new Workers<>("restic-store", options.uploads(), 2 * options.uploads(), repository::sealer);
    }

    /** Loads the index, to know what is there. */
    public static BlobWriter open(Repository repository, WriterOptions options) {
        return open(repository, repository.indexFiles().load(), options, () -> {});
    }

    /** {@code beforeStoring} is called by several threads, each time before a pack is stored. */
    static BlobWriter open(Repository repository, BlobIndex index, WriterOptions options, Runnable beforeStoring) {
        return new BlobWriter(repository, index, options, beforeStoring, repository.indexFiles()::store);
    }

    /** Hands the JSON of index files over in place of storing it. */
    static BlobWriter openWithoutIndex(
            Repository repository, BlobIndex index, WriterOptions options, Consumer<byte[]> storeIndex) {
        return new BlobWriter(repository, index, options, () -> {}, storeIndex);
    }

    /**
     * What a stream became.
     *
     * @param blobs in order; a list with repetitions
     */
    public record StoredFile(List<Id> blobs, long sizeBytes) {}

    /**
     * What was new so far.
     *
     * @param dataBytes the plain bytes of the data blobs
     * @param plainBytes the same, and those of the tree blobs
     * @param storedBytes the size of the packs, with encryption and headers
     */
    public record Added(long dataBlobs, long treeBlobs, long dataBytes, long plainBytes, long storedBytes) {}

    /** Is told the size in bytes of each piece that was read. */
    @FunctionalInterface
    interface PieceListener {
        void read(int bytes);
    }

    /** Reads the stream to its end and stores what is new. Does not close it. */
    public StoredFile storeFile(InputStream in) throws IOException {
        return storeFile(in, _ -> {});
    }

    StoredFile storeFile(InputStream in, PieceListener listener) throws IOException {
        var blobs = new ArrayList<Id>(1);
        var size = new long[1];
        chunker.cut(in, (bytes, length) -> {
            var id = Id.hashOf(bytes, 0, length);
            blobs.add(id);
            size[0] += length;
            storeIfNew(new BlobKey(BlobType.DATA, id), bytes, length);
            listener.read(length);
        });
        return new StoredFile(blobs, size[0]);
    }

    /** Stores the JSON of a directory, unless it is there. */
    public Id storeTree(byte[] json) {
        var id = Id.hashOf(json);
        storeIfNew(new BlobKey(BlobType.TREE, id), json, json.length);
        return id;
    }

    private void storeIfNew(BlobKey key, byte[] bytes, int length) {
        if (contains(key)) return;
        store(key, bytes, length, length, (sealer, plain, at) -> sealer.seal(key, plain, at, length));
    }

    /** Adds a blob that is compressed already (plain length above 0) or is to stay plain, unless it is there. */
    void storeCompressed(BlobKey key, BlobSealer.Sealed frame) {
        if (contains(key)) return;
        int plain = frame.plainLength() > 0 ? frame.plainLength() : frame.length();
        int length = frame.length();
        int plainLength = frame.plainLength();
        store(
                key,
                frame.bytes(),
                length,
                plain,
                (sealer, bytes, at) -> sealer.sealCompressed(bytes, at, length, plainLength));
    }

    /** Adds a blob that is known to be new and is sealed with our key already, as prune does. */
    void storeSealed(PackedBlob blob, byte[] sealed) {
        if (pending.contains(blob.key())) return;
        int length = sealed.length;
        store(blob.key(), sealed, length, blob.plainBytes(), (_, bytes, at) -> {
            var copy = Arrays.copyOfRange(bytes, at, at + length);
            return new BlobSealer.Sealed(copy, length, blob.plainLength());
        });
    }

    /** Copies the bytes; many small blobs go to the workers together. */
    private void store(BlobKey key, byte[] bytes, int length, int plainLength, BlobBatch.Sealing sealing) {
        pending.add(key);
        if (key.type() == BlobType.DATA) {
            dataBlobs++;
            dataBytes += plainLength;
        } else {
            treeBlobs++;
        }
        plainBytes += plainLength;
        if (!filling.hasRoom(length)) submitBatch();
        filling.add(key, bytes, length, sealing);
        if (!filling.hasRoom(1)) submitBatch();
    }

    private void submitBatch() {
        var batch = filling;
        sealers.submit(1, sealer -> {
            batch.seal(sealer, (key, result) -> open.add(key, result).ifPresent(this::upload));
            emptied.add(batch);
        });
        var next = emptied.poll();
        filling = next == null ? new BlobBatch() : next;
    }

    private void upload(OpenPack full) {
        uploaders.submit(1, sealer -> {
            try (full) {
                var pack = full.finish(sealer);
                beforeStoring.run();
                repository.objects().put(ObjectStore.packKey(pack.id()), pack.content());
                storedBytes.addAndGet(pack.content().sizeBytes());
                added.add(pack.id(), pack.blobs());
                indexWriter.add(pack.id(), pack.blobs());
                for (var blob : pack.blobs()) pending.remove(blob.key());
            }
        });
    }

    /** Whether the blob is stored, or will be by the next {@link #flush}. */
    public boolean contains(BlobKey key) {
        return pending.contains(key) || added.contains(key) || known.contains(key);
    }

    /** The directories that are stored: those of the repository, and, once they are {@link #flush flushed}, ours. */
    Trees trees() {
        var theirs = new BlobReader(repository, known);
        var ours = new BlobReader(repository, added);
        return id -> added.contains(new BlobKey(BlobType.TREE, id)) ? ours.tree(id) : theirs.tree(id);
    }

    /** Stores all that is left and the index of it. Only after this may a snapshot refer to the blobs. */
    public Added flush() {
        if (!filling.isEmpty()) submitBatch();
        sealers.await();
        open.takeAll().forEach(this::upload);
        uploaders.await();
        indexWriter.flush();
        return added();
    }

    public Added added() {
        return new Added(dataBlobs, treeBlobs, dataBytes, plainBytes, storedBytes.get());
    }

    /** Stops at once. What was not flushed becomes unreferenced packs, which are harmless. */
    @Override
    public void close() {
        sealers.close();
        uploaders.close();
        open.close();
    }
}
