package dev.holdfast.restic;

import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Zstd;
import javax.crypto.AEADBadTagException;

/** Turns plain blobs into sealed ones (section 6). The state of one worker thread. */
final class BlobSealer {
    private final Sealer sealer;
    private final Zstd zstd = new Zstd();
    private final boolean verify;

    BlobSealer(Sealer sealer, boolean verify) {
        this.sealer = sealer;
        this.verify = verify;
    }

    /** {@code plainLength} is 0 if the blob is not compressed. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Sealed(byte[] bytes, int plainLength) {}

    Sealer sealer() {
        return sealer;
    }

    /** Compresses what gets smaller by it. */
    Sealed seal(BlobKey key, byte[] plain) {
        var frame = zstd.compress(plain, 0, plain.length);
        boolean compressed = frame.length > 0;
        var sealed = new Sealed(sealer.seal(compressed ? frame : plain), compressed ? plain.length : 0);
        if (verify) verify(key, sealed);
        return sealed;
    }

    private void verify(BlobKey key, Sealed sealed) {
        try {
            var plain = sealer.open(sealed.bytes());
            if (sealed.plainLength() > 0) plain = zstd.decompress(plain, sealed.plainLength());
            if (!Id.hashOf(plain).equals(key.id())) throw new IllegalStateException("hash differs");
        } catch (AEADBadTagException | RuntimeException e) {
            throw new IllegalStateException(
                    key + " is not readable after sealing: bad memory, or a bug; nothing of it was stored", e);
        }
    }
}
