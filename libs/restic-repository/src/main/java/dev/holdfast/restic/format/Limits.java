package dev.holdfast.restic.format;

/**
 * How much a reader believes before it allocates, in bytes. All far above what restic writes.
 *
 * @param smallObject a config, key or lock, as stored
 * @param unpacked a snapshot or index, as stored and as JSON
 * @param dataBlob the plain bytes of a piece of a file; restic writes at most 8 MiB
 * @param treeBlob the JSON of one directory; about 350 bytes for each entry, and 67 for each piece of a file
 * @param pack one pack file; restic writes at most about 136 MiB
 */
public record Limits(int smallObject, int unpacked, int dataBlob, int treeBlob, int pack) {
    /** Like restic's own header limit: 16 MiB. */
    public static final int PACK_HEADER_BYTES = 16 << 20;

    /** Fits a heap of 512 MiB; the directory limit grows with the heap, to 1 GiB. */
    public static Limits forThisHeap() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        int tree = (int) Math.clamp(quarter, 32L << 20, 1L << 30);
        int unpacked = (int) Math.clamp(quarter, 32L << 20, 256L << 20);
        int dataBlob = (int) Math.clamp(quarter, 16L << 20, 64L << 20);
        return new Limits(1 << 20, unpacked, dataBlob, tree, 256 << 20);
    }

    public int blob(BlobType type) {
        return switch (type) {
            case DATA -> dataBlob;
            case TREE -> treeBlob;
        };
    }

    /** {@code value} as an int if it is 0 to {@code limit}. */
    static int checked(String what, long value, int limit) {
        if (value < 0) throw new ResticException.Damaged(what + " is negative: " + value);
        if (value > limit) throw new ResticException.TooLarge(what, value, limit);
        return (int) value;
    }
}
