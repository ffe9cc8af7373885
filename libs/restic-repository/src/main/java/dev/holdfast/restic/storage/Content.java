package dev.holdfast.restic.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;

/**
 * The bytes of one object, in several pieces so that a pack of many blobs is never copied together. May be read any
 * number of times (an implementation may retry). The arrays must not be changed afterwards.
 */
public final class Content {
    private final List<byte[]> pieces;
    private final long sizeBytes;

    private Content(List<byte[]> pieces) {
        this.pieces = List.copyOf(pieces);
        this.sizeBytes = pieces.stream().mapToLong(piece -> piece.length).sum();
    }

    public static Content of(byte[] bytes) {
        return new Content(List.of(bytes));
    }

    public static Content of(List<byte[]> pieces) {
        return new Content(pieces);
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** A new stream over all bytes, from the first. */
    public InputStream stream() {
        return new SequenceInputStream(Collections.enumeration(
                pieces.stream().map(ByteArrayInputStream::new).toList()));
    }

    public void writeTo(OutputStream out) throws IOException {
        for (var piece : pieces) out.write(piece);
    }

    /** Throws {@link ArithmeticException} if there are more than 2 GiB. */
    public byte[] toByteArray() {
        var all = new byte[Math.toIntExact(sizeBytes)];
        int at = 0;
        for (var piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
