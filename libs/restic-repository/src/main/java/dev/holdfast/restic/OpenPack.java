package dev.holdfast.restic;

import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackHeader;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.storage.Content;
import java.util.ArrayList;
import java.util.List;

/** A pack that is being filled (section 7). Not thread-safe. */
final class OpenPack {
    private final Segments.Buffer bytes;
    private final List<PackedBlob> blobs = new ArrayList<>();

    OpenPack(Segments pool) {
        this.bytes = new Segments.Buffer(pool);
    }

    /** A finished pack: its name is the hash of its content. */
    record Finished(Id id, Content content, List<PackedBlob> blobs) {}

    void add(BlobKey key, BlobSealer.Sealed sealed) {
        blobs.add(new PackedBlob(key, bytes.size(), sealed.length(), sealed.plainLength()));
        bytes.append(sealed.bytes(), sealed.length());
    }

    void addAll(OpenPack other) {
        int base = bytes.size();
        bytes.appendAll(other.bytes);
        for (var blob : other.blobs) {
            blobs.add(new PackedBlob(blob.key(), base + blob.offset(), blob.length(), blob.plainLength()));
        }
        other.release();
    }

    /** Of the blobs so far. */
    int sizeBytes() {
        return bytes.size();
    }

    int blobCount() {
        return blobs.size();
    }

    /** Appends the header. The content is valid until {@link #release}. */
    Finished finish(Sealer sealer) {
        var header = sealer.seal(PackHeader.encode(blobs));
        bytes.append(header, header.length);
        var trailer = PackHeader.encodeTrailer(header.length);
        bytes.append(trailer, trailer.length);
        var digest = Id.sha256();
        int left = bytes.size();
        for (var segment : bytes.segments()) {
            digest.update(segment, 0, Math.min(left, segment.length));
            left -= segment.length;
        }
        return new Finished(Id.of(digest), Content.of(bytes.segments(), bytes.size()), List.copyOf(blobs));
    }

    void release() {
        bytes.release();
    }
}
