package dev.holdfast.worker.backup;

import dev.holdfast.worker.backup.WebFiles.TooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a server sends: fails at its end if that is not all, and where it is more than may be stored. */
final class WebContent extends FilterInputStream {

    private final long length;
    private final long most;
    private final String tooLarge;
    private final Runnable hangUp;
    private long read;

    /** {@code length}: what the server has announced; -1: nothing. */
    WebContent(InputStream in, long length, long most, String tooLarge, Runnable hangUp) {
        super(in);
        this.length = length;
        this.most = most;
        this.tooLarge = tooLarge;
        this.hangUp = hangUp;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        var got = in.read(bytes, offset, count);
        read += Math.max(0, got);
        if (read > most) throw new TooLargeException(tooLarge);
        if (got < 0 && length >= 0 && read != length) {
            throw new IOException("the content ended after " + read + " of " + length + " bytes");
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        hangUp.run();
        super.close();
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
