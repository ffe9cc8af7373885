package dev.holdfast.restic.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts streams of unknown length into chunks of 512 KiB to 8 MiB (mean about 1.5 MiB; the last may be shorter). Keeps a
 * buffer of 9 MiB, to be reused for stream after stream by one thread.
 */
public final class Chunker {
    public static final int MIN_BYTES = 512 * 1024;
    public static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final int READ_BYTES = 512 * 1024;

    private final CutFinder cuts;
    private byte[] buffer = new byte[MIN_BYTES + READ_BYTES];

    public Chunker(Polynomial polynomial) {
        this.cuts = new CutFinder(polynomial);
    }

    /** Receives one chunk: {@code length} bytes of {@code bytes} from 0; they are only valid during the call. */
    @FunctionalInterface
    public interface Sink {
        void chunk(byte[] bytes, int length) throws IOException;
    }

    /** Reads {@code in} to its end. An empty stream has no chunk. */
    public void cut(InputStream in, Sink sink) throws IOException {
        int filled = 0;
        int scanned = MIN_BYTES;
        boolean more = true;
        while (true) {
            int cut = scanned <= filled ? cuts.find(buffer, scanned, Math.min(filled, MAX_BYTES)) : -1;
            if (cut < 0 && filled >= MAX_BYTES) cut = MAX_BYTES;
            if (cut < 0 && !more) cut = filled;
            if (cut >= 0) {
                if (filled > 0) sink.chunk(buffer, cut);
                filled -= cut;
                System.arraycopy(buffer, cut, buffer, 0, filled);
                scanned = MIN_BYTES;
                if (filled == 0 && !more) return;
                continue;
            }
            scanned = Math.max(MIN_BYTES, filled + 1);
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, MAX_BYTES + READ_BYTES));
            }
            int count = in.read(buffer, filled, Math.min(READ_BYTES, buffer.length - filled));
            if (count < 0) more = false;
            else filled += count;
        }
    }
}
