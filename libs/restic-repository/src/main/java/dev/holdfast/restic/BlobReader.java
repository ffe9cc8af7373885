package dev.holdfast.restic;

import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.TreeJson;
import dev.holdfast.restic.format.Zstd;
import java.util.List;
import javax.crypto.AEADBadTagException;

/**
 * Reads blobs and believes nothing: place, tag, length and hash are checked. Small blobs that lie together are fetched
 * together. Keeps cipher state and buffers: one instance per thread.
 */
final class BlobReader {
    private final Repository repository;
    private final BlobIndex index;
    private final Sealer sealer;
    private final Zstd zstd;
    private final PackWindows windows;
    private byte[] buffer = {};
    private BlobSealer.Sealed lastOpened = new BlobSealer.Sealed(buffer, 0, 0);

    BlobReader(Repository repository, BlobIndex index) {
        this.repository = repository;
        this.index = index;
        this.sealer = repository.sealer();
        this.zstd = new Zstd(repository.environment().zstd());
        this.windows = new PackWindows(repository.objects());
    }

    /**
     * What will be read next, some megabytes: of that, what lies together is fetched together, once, and no more than
     * that. Holds until the next call.
     */
    void expect(List<BlobKey> keys) {
        windows.expect(Stretch.of(keys, index));
    }

    List<Node> tree(Id id) {
        try {
            return TreeJson.decode(read(new BlobKey(BlobType.TREE, id)));
        } catch (ResticException.Damaged e) {
            throw new ResticException.Damaged("tree " + id.brief() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The plain bytes. If the blob is in several packs and one copy is damaged, another one is tried.
     *
     * @throws ResticException.Missing if it is in no index
     */
    byte[] read(BlobKey key) {
        ResticException last = new ResticException.Missing(key + " is in no index");
        for (int entry : index.findAll(key)) {
            try {
                return read(index.packOf(entry), index.blob(entry));
            } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
                last = e;
            }
        }
        throw last;
    }

    /**
     * The last blob that was read, as it was compressed; with 0 as its plain length if it was not. Valid until the
     * next.
     */
    BlobSealer.Sealed lastOpened() {
        return lastOpened;
    }

    byte[] read(Id pack, PackedBlob blob) {
        int limit = limit(blob);
        if (blob.plainBytes() > limit)
            throw new ResticException.TooLarge(blob.key().toString(), blob.plainBytes(), limit);
        if (blob.length() > limit + limit / 16 + 1024) {
            throw new ResticException.TooLarge(blob.key() + " as stored", blob.length(), limit);
        }
        var sealed = windows.read(ObjectStore.packKey(pack), blob.offset(), blob.length());
        return open(pack, blob, sealed, 0);
    }

    private int limit(PackedBlob blob) {
        return repository.environment().limits().blob(blob.key().type());
    }

    /** Opens a blob whose sealed bytes start at {@code at}. */
    byte[] open(Id pack, PackedBlob blob, byte[] bytes, int at) {
        try {
            if (blob.plainBytes() > limit(blob)) {
                throw new ResticException.TooLarge(blob.key().toString(), blob.plainBytes(), limit(blob));
            }
            var plain = new byte[blob.plainBytes()];
            if (blob.compressed()) {
                if (buffer.length < blob.length()) buffer = new byte[blob.length()];
                int frame = sealer.open(bytes, at, blob.length(), buffer);
                lastOpened = new BlobSealer.Sealed(buffer, frame, blob.plainLength());
                zstd.decompress(buffer, frame, plain, 0, plain.length);
            } else {
                sealer.open(bytes, at, blob.length(), plain);
                lastOpened = new BlobSealer.Sealed(plain, plain.length, 0);
            }
            if (Id.hashOf(plain).equals(blob.key().id())) return plain;
            throw new ResticException.Damaged("the content does not match its ID");
        } catch (AEADBadTagException | ResticException.Damaged e) {
            throw new ResticException.Damaged(
                    blob.key() + " at " + blob.offset() + " of pack " + pack.brief() + ": " + e.getMessage(), e);
        }
    }
}
