package dev.holdfast.restic.format;

/**
 * Where a blob lies inside its pack.
 *
 * @param offset of the sealed bytes, from the start of the pack
 * @param length of the sealed bytes, at least 32
 * @param plainLength before compression; 0 if the blob is stored uncompressed
 */
public record PackedBlob(BlobKey key, int offset, int length, int plainLength) {
    public boolean compressed() {
        return plainLength != 0;
    }

    /** The number of plain bytes. */
    public int plainBytes() {
        return compressed() ? plainLength : length - 32;
    }
}
