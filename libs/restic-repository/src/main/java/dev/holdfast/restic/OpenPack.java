package dev.holdfast.restic;

import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackHeader;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack that is being filled (section 7), in a temporary file that has no name any more, so that no crash leaves it
 * behind: several packs in memory would be most of what a backup needs. Not thread-safe.
 */
final class OpenPack implements AutoCloseable {
    /** Java keeps direct memory of the size of the largest single write for every thread. */
    private static final int SLICE_BYTES = 256 * 1024;

    private final FileChannel file;
    private final MessageDigest digest = Id.sha256();
    private final List<PackedBlob> blobs = new ArrayList<>();
    private int size;

    OpenPack() {
        try {
            var path = Files.createTempFile("pack-", null);
            this.file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(path);
        } catch (IOException e) {
            throw failed("make", e);
        }
    }

    private static ResticException failed(String what, IOException e) {
        if (e instanceof ClosedByInterruptException) return new ResticException.Cancelled();
        return new ResticException.StorageFailed(what + " a temporary file", e);
    }

    /** A finished pack: its name is the hash of its content. */
    record Finished(Id id, Content content, List<PackedBlob> blobs) {}

    void add(BlobKey key, BlobSealer.Sealed sealed) {
        blobs.add(new PackedBlob(key, size, sealed.length(), sealed.plainLength()));
        append(sealed.bytes(), sealed.length());
    }

    private void append(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        try {
            var left = ByteBuffer.wrap(bytes);
            while (left.position() < length) {
                left.limit(Math.min(length, left.position() + SLICE_BYTES));
                size += file.write(left, size);
            }
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    void addAll(OpenPack other) {
        for (var blob : other.blobs) {
            var bytes = other.read(blob.offset(), blob.length());
            add(blob.key(), new BlobSealer.Sealed(bytes, bytes.length, blob.plainLength()));
        }
        other.close();
    }

    private byte[] read(int offset, int length) {
        var bytes = ByteBuffer.allocate(length);
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, (long) offset + bytes.position()) < 0) throw new IOException("cut off");
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
        return bytes.array();
    }

    /** Of the blobs so far. */
    int sizeBytes() {
        return size;
    }

    int blobCount() {
        return blobs.size();
    }

    /** Appends the header. The content is valid until {@link #close}. */
    Finished finish(Sealer sealer) {
        var header = sealer.seal(PackHeader.encode(blobs));
        append(header, header.length);
        append(PackHeader.encodeTrailer(header.length), PackHeader.TRAILER_BYTES);
        return new Finished(Id.of(digest), Content.of(file, size), List.copyOf(blobs));
    }

    /** Gives the file back to the system. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failed("close", e);
        }
    }
}
