package dev.holdfast.restic.format;

/** The identity of a blob: the same bytes as data and as tree are two blobs. */
public record BlobKey(BlobType type, Id id) {
    @Override
    public String toString() {
        return type.wireName() + " " + id.brief();
    }
}
