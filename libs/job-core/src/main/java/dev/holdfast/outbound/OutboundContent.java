package dev.holdfast.outbound;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The content of an answer: put in by the connection, as far ahead as was asked for, and read by another thread. */
final class OutboundContent extends InputStream {

    /** Pieces that may wait here, each as large as the socket hands them out. */
    private static final int AHEAD = 16;

    private final LinkedBlockingQueue<Piece> arrived = new LinkedBlockingQueue<>();
    private volatile @Nullable Runnable more;
    private Duration idle = Duration.ofMinutes(1);
    private long deadline = Long.MAX_VALUE;
    private byte[] bytes = {};
    private int position;
    private boolean ended;

    private sealed interface Piece {
        @SuppressWarnings("ArrayRecordComponent")
        record Bytes(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    /** Called by the connection before any of the content has come. */
    void begin(HttpClientResponse response) {
        Context connection = Objects.requireNonNull(Vertx.currentContext());
        response.pause();
        response.handler(buffer -> arrived.add(new Piece.Bytes(buffer.getBytes())));
        response.endHandler(end -> arrived.add(new Piece.End()));
        response.exceptionHandler(cause -> arrived.add(new Piece.Broken(cause)));
        more = () -> connection.runOnContext(now -> response.fetch(1));
    }

    InputStream within(Duration pause, Duration time) {
        idle = pause;
        deadline = System.nanoTime() + time.toNanos();
        for (var piece = 0; piece < AHEAD; piece++) askForMore();
        return this;
    }

    private void askForMore() {
        Objects.requireNonNull(more, "it has begun").run();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) return 0;
        while (position == bytes.length) {
            if (ended) return -1;
            advance();
        }
        var count = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, into, offset, count);
        position += count;
        return count;
    }

    private void advance() throws IOException {
        switch (next()) {
            case Piece.Bytes(var piece) -> {
                bytes = piece;
                position = 0;
                askForMore();
            }
            case Piece.End() -> ended = true;
            case Piece.Broken(var cause) -> throw new IOException("the content is cut short: " + cause.getMessage());
        }
    }

    private Piece next() throws IOException {
        var left = deadline - System.nanoTime();
        try {
            var piece = arrived.poll(Math.min(left, idle.toNanos()), TimeUnit.NANOSECONDS);
            if (piece != null && left > 0) return piece;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
        throw new IOException(
                left <= idle.toNanos()
                        ? "the content takes too long"
                        : "nothing more of the content came within " + idle.toMillis() + " ms");
    }
}
