package dev.holdfast.worker.tables;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/**
 * Streams one after the other, each taken when the one before has been read. None is taken to be closed: what a failed
 * backup has not read, it need not read. For one thread.
 */
final class InTurn extends InputStream {

    private final Iterator<? extends InputStream> streams;
    private int left;
    private InputStream current = nullInputStream();

    /** The next {@code count} of them. */
    InTurn(Iterator<? extends InputStream> streams, int count) {
        this.streams = streams;
        this.left = count;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        var count = current.read(bytes, offset, length);
        while (count < 0 && left > 0) {
            left--;
            current = streams.next();
            count = current.read(bytes, offset, length);
        }
        return count;
    }
}
