package dev.holdfast.restic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Memory for packs, used again and again: a pack lives long enough to be moved by every garbage collection. There are
 * never more segments than packs were open or waiting at the same time. Thread-safe.
 */
final class Segments {
    /** Small enough that no collector treats it as a huge object. */
    static final int BYTES = 256 * 1024;

    private final Deque<byte[]> free = new ArrayDeque<>();

    synchronized byte[] take() {
        var segment = free.poll();
        return segment == null ? new byte[BYTES] : segment;
    }

    synchronized void giveBack(List<byte[]> segments) {
        free.addAll(segments);
    }

    /** Bytes that grow segment by segment. Not thread-safe. */
    static final class Buffer {
        private final Segments pool;
        private final List<byte[]> segments = new ArrayList<>();
        private int size;

        Buffer(Segments pool) {
            this.pool = pool;
        }

        void append(byte[] bytes, int length) {
            for (int done = 0; done < length; ) {
                int at = size % BYTES;
                if (at == 0) segments.add(pool.take());
                int count = Math.min(length - done, BYTES - at);
                System.arraycopy(bytes, done, segments.getLast(), at, count);
                done += count;
                size += count;
            }
        }

        void appendAll(Buffer other) {
            for (int i = 0; i < other.segments.size(); i++) {
                append(other.segments.get(i), Math.min(BYTES, other.size - i * BYTES));
            }
        }

        int size() {
            return size;
        }

        List<byte[]> segments() {
            return segments;
        }

        /** After this the bytes are gone. */
        void release() {
            pool.giveBack(segments);
            segments.clear();
            size = 0;
        }
    }
}
