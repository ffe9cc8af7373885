package dev.holdfast.restic.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The bytes of one object, in several pieces so that a pack of many blobs is never copied together. May be read any
 * number of times (an implementation may retry), but only until {@link Storage#putIfAbsent} returns: then the memory is
 * used again.
 */
public final class Content {
    private final List<byte[]> pieces;
    private final long sizeBytes;

    private Content(List<byte[]> pieces, long sizeBytes) {
        this.pieces = List.copyOf(pieces);
        this.sizeBytes = sizeBytes;
    }

    public static Content of(byte[] bytes) {
        return new Content(List.of(bytes), bytes.length);
    }

    /** The first {@code sizeBytes} bytes of all pieces one after another. */
    public static Content of(List<byte[]> pieces, long sizeBytes) {
        long available = pieces.stream().mapToLong(piece -> piece.length).sum();
        if (sizeBytes < 0 || sizeBytes > available) throw new IllegalArgumentException("size " + sizeBytes);
        return new Content(pieces, sizeBytes);
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** A new stream over all bytes, from the first. */
    public InputStream stream() {
        var streams = new ArrayList<InputStream>();
        long left = sizeBytes;
        for (var piece : pieces) {
            int length = (int) Math.min(piece.length, left);
            streams.add(new ByteArrayInputStream(piece, 0, length));
            left -= length;
        }
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    public void writeTo(OutputStream out) throws IOException {
        long left = sizeBytes;
        for (var piece : pieces) {
            int length = (int) Math.min(piece.length, left);
            out.write(piece, 0, length);
            left -= length;
        }
    }

    /** Throws {@link ArithmeticException} if there are more than 2 GiB. */
    public byte[] toByteArray() {
        var all = new byte[Math.toIntExact(sizeBytes)];
        int at = 0;
        for (var piece : pieces) {
            int length = Math.min(piece.length, all.length - at);
            System.arraycopy(piece, 0, all, at, length);
            at += length;
        }
        return all;
    }
}
