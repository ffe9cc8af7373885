package dev.holdfast.restic;

import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Zstd;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/** Turns plain blobs into sealed ones (section 6). The state of one worker thread. */
final class BlobSealer {
    private final Sealer sealer;
    private final Zstd zstd;
    private final boolean verify;
    private byte[] sealed = {};

    BlobSealer(Repository repository, boolean verify) {
        this.sealer = repository.sealer();
        this.zstd = new Zstd(repository.environment().zstd());
        this.verify = verify;
    }

    /**
     * A sealed blob.
     *
     * @param bytes the first {@code length} of them; valid until the same thread seals the next one
     * @param plainLength 0 if the blob is not compressed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Sealed(byte[] bytes, int length, int plainLength) {}

    /** Compresses what gets smaller by it. Overwrites these bytes of {@code plain}. */
    Sealed seal(BlobKey key, byte[] plain, int offset, int length) {
        int frame = zstd.compress(plain, offset, length);
        var result =
                frame > 0 ? sealCompressed(zstd.buffer(), 0, frame, length) : sealCompressed(plain, offset, length, 0);
        if (verify) verify(key, plain, offset, result);
        return result;
    }

    /** Takes the bytes as they are. */
    Sealed sealCompressed(byte[] bytes, int offset, int length, int plainLength) {
        int size = length + Sealer.OVERHEAD_BYTES;
        if (sealed.length < size) sealed = new byte[size];
        sealer.seal(bytes, offset, length, sealed);
        return new Sealed(sealed, size, plainLength);
    }

    /** Decrypts into the compressor's buffer and decompresses over the plain bytes: neither is needed any more. */
    private void verify(BlobKey key, byte[] plain, int offset, Sealed result) {
        try {
            var opened = zstd.buffer();
            int at = 0;
            int length = sealer.open(result.bytes(), 0, result.length(), opened);
            if (result.plainLength() > 0) {
                Arrays.fill(plain, offset, offset + result.plainLength(), (byte) 0);
                zstd.decompress(opened, length, plain, offset, result.plainLength());
                opened = plain;
                at = offset;
                length = result.plainLength();
            }
            if (!Id.hashOf(opened, at, length).equals(key.id())) throw new IllegalStateException("hash differs");
        } catch (AEADBadTagException | RuntimeException e) {
            throw new IllegalStateException(
                    key + " is not readable after sealing: bad memory, or a bug; nothing of it was stored", e);
        }
    }
}
