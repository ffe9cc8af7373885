package dev.holdfast.restic;

import dev.holdfast.restic.chunk.Chunker;
import dev.holdfast.restic.format.BlobKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Blobs on their way to a worker: one large one, or many small ones. Its memory is used again and again, for chunks
 * live long enough to be moved by every garbage collection. Used by one thread at a time.
 */
final class BlobBatch {
    private static final int FULL_BYTES = 512 * 1024;
    private static final int FULL_BLOBS = 256;

    private final List<Waiting> blobs = new ArrayList<>();
    private byte[] bytes = new byte[FULL_BYTES];
    private int size;

    private record Waiting(BlobKey key, int at, Sealing sealing) {}

    /** Seals the blob whose bytes start at {@code at}; may overwrite them. */
    @FunctionalInterface
    interface Sealing {
        BlobSealer.Sealed seal(BlobSealer sealer, byte[] bytes, int at);
    }

    /** Takes a sealed blob, which is valid during the call. */
    @FunctionalInterface
    interface Sink {
        void add(BlobKey key, BlobSealer.Sealed sealed);
    }

    boolean isEmpty() {
        return blobs.isEmpty();
    }

    /** An empty batch has room for a blob of any size. */
    boolean hasRoom(int length) {
        return isEmpty() || (size + length <= FULL_BYTES && blobs.size() < FULL_BLOBS);
    }

    /** Copies the first {@code length} bytes. */
    void add(BlobKey key, byte[] from, int length, Sealing sealing) {
        if (bytes.length - size < length) bytes = Arrays.copyOf(bytes, size + length);
        System.arraycopy(from, 0, bytes, size, length);
        blobs.add(new Waiting(key, size, sealing));
        size += length;
    }

    /** Seals all blobs and is empty after it. */
    void seal(BlobSealer sealer, Sink sink) {
        for (var blob : blobs) sink.add(blob.key(), blob.sealing().seal(sealer, bytes, blob.at()));
        blobs.clear();
        size = 0;
        if (bytes.length > Chunker.MAX_BYTES) bytes = new byte[FULL_BYTES]; // that was a huge directory
    }
}
