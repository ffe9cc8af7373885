package dev.holdfast.restic;

import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackHeader;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.storage.Content;
import java.util.ArrayList;
import java.util.List;

/** A pack that is being filled (section 7). The sealed blobs are kept as they came and never copied together. */
final class OpenPack {
    private final List<byte[]> pieces = new ArrayList<>();
    private final List<PackedBlob> blobs = new ArrayList<>();
    private int size;

    /** A finished pack: its name is the hash of its content. */
    record Finished(Id id, Content content, List<PackedBlob> blobs) {}

    void add(BlobKey key, byte[] sealed, int plainLength) {
        blobs.add(new PackedBlob(key, size, sealed.length, plainLength));
        pieces.add(sealed);
        size += sealed.length;
    }

    void addAll(OpenPack other) {
        for (int i = 0; i < other.blobs.size(); i++) {
            var blob = other.blobs.get(i);
            add(blob.key(), other.pieces.get(i), blob.plainLength());
        }
    }

    /** Of the blobs so far. */
    int sizeBytes() {
        return size;
    }

    int blobCount() {
        return blobs.size();
    }

    Finished finish(Sealer sealer) {
        var header = sealer.seal(PackHeader.encode(blobs));
        pieces.add(header);
        pieces.add(PackHeader.encodeTrailer(header.length));
        var digest = Id.sha256();
        pieces.forEach(digest::update);
        return new Finished(Id.of(digest), Content.of(pieces), List.copyOf(blobs));
    }
}
