package dev.holdfast.restic.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The header of a pack (section 7): which blobs, in the order of their bytes. */
public final class PackHeader {
    /** The four bytes after the sealed header: its length. */
    public static final int TRAILER_BYTES = 4;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PLAIN_ENTRY_BYTES = 1 + 4 + Id.BYTES;
    private static final int COMPRESSED_ENTRY_BYTES = PLAIN_ENTRY_BYTES + 4;
    private static final int SEAL_BYTES = 32;

    private PackHeader() {}

    /** The header before sealing. */
    public static byte[] encode(List<PackedBlob> blobs) {
        var bytes = new byte[blobs.stream().mapToInt(PackHeader::entryBytes).sum()];
        int at = 0;
        for (var blob : blobs) {
            bytes[at] = (byte) ((blob.key().type() == BlobType.TREE ? 1 : 0) | (blob.compressed() ? 2 : 0));
            INT.set(bytes, at + 1, blob.length());
            if (blob.compressed()) INT.set(bytes, at + 5, blob.plainLength());
            at += entryBytes(blob);
            blob.key().id().writeTo(bytes, at - Id.BYTES);
        }
        return bytes;
    }

    /** The size of the whole pack file with these blobs. */
    public static long fileBytes(List<PackedBlob> blobs) {
        long sum = SEAL_BYTES + TRAILER_BYTES;
        for (var blob : blobs) sum += blob.length() + entryBytes(blob);
        return sum;
    }

    public static int entryBytes(PackedBlob blob) {
        return blob.compressed() ? COMPRESSED_ENTRY_BYTES : PLAIN_ENTRY_BYTES;
    }

    public static byte[] encodeTrailer(int sealedHeaderBytes) {
        var bytes = new byte[TRAILER_BYTES];
        INT.set(bytes, 0, sealedHeaderBytes);
        return bytes;
    }

    /**
     * The length of the sealed header from the last four bytes of a pack of {@code fileBytes}.
     *
     * @throws ResticException.Damaged if no header of that length fits
     */
    public static int sealedHeaderBytes(byte[] trailer, long fileBytes) {
        if (trailer.length != TRAILER_BYTES) throw new ResticException.Damaged("pack without a trailer");
        long length = Integer.toUnsignedLong((int) INT.get(trailer, 0));
        if (length < SEAL_BYTES || length > fileBytes - TRAILER_BYTES) {
            throw new ResticException.Damaged("pack of " + fileBytes + " bytes with a header of " + length);
        }
        return Limits.checked("pack header", length, Limits.PACK_HEADER_BYTES);
    }

    /**
     * The blobs of an opened header, with their offsets.
     *
     * @param packBytes the size of the whole file, which the blobs and the header must fill exactly
     * @throws ResticException.Damaged if an entry is cut off, unknown, or does not fit the file
     */
    public static List<PackedBlob> decode(byte[] header, long packBytes) {
        var blobs = new ArrayList<PackedBlob>(Math.min(header.length / PLAIN_ENTRY_BYTES, 100_000));
        long end = packBytes - TRAILER_BYTES - SEAL_BYTES - header.length;
        long offset = 0;
        for (int at = 0; at < header.length; ) {
            int kind = header[at];
            if (kind < 0 || kind > 3) throw new ResticException.Damaged("unknown blob type " + kind + " in a pack");
            boolean compressed = kind >= 2;
            int entry = compressed ? COMPRESSED_ENTRY_BYTES : PLAIN_ENTRY_BYTES;
            if (header.length - at < entry) throw new ResticException.Damaged("pack header ends inside an entry");
            long length = Integer.toUnsignedLong((int) INT.get(header, at + 1));
            int plain = compressed ? (int) INT.get(header, at + 5) : 0;
            if (length < SEAL_BYTES || length > end - offset || offset + length > Integer.MAX_VALUE) {
                throw new ResticException.Damaged(
                        "blob of " + length + " bytes at " + offset + " does not fit its pack");
            }
            if (plain < 0 || (compressed && plain == 0)) {
                throw new ResticException.Damaged("blob with a plain length of " + Integer.toUnsignedLong(plain));
            }
            var type = (kind & 1) == 0 ? BlobType.DATA : BlobType.TREE;
            var key = new BlobKey(type, Id.at(header, at + entry - Id.BYTES));
            blobs.add(new PackedBlob(key, (int) offset, (int) length, plain));
            offset += length;
            at += entry;
        }
        if (offset != end) throw new ResticException.Damaged("the blobs of a pack end at " + offset + ", not " + end);
        return blobs;
    }
}
