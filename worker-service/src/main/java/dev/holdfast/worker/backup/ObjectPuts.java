package dev.holdfast.worker.backup;

import dev.holdfast.queue.Ahead;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Makes small objects side by side: some 16 of them, of 16 MiB together. The objects themselves are given by one
 * thread, which also learns, a little later, what failed.
 */
final class ObjectPuts implements AutoCloseable {

    private static final int MOST = 16;
    private static final int MOST_BYTES = 16 << 20;

    private final ArrayDeque<S3Upload> waiting = new ArrayDeque<>();
    private final Ahead<S3Upload, S3Upload> puts;
    private int objects;
    private int bytes;

    /** {@code before} is called before each object is made, by the thread that makes it. */
    ObjectPuts(Runnable before) {
        this.puts = new Ahead<>(new Given(waiting), upload -> complete(upload, before), MOST);
    }

    private record Given(ArrayDeque<S3Upload> waiting) implements Iterator<S3Upload> {
        @Override
        public boolean hasNext() {
            return !waiting.isEmpty();
        }

        @Override
        public S3Upload next() {
            return waiting.remove();
        }
    }

    private static S3Upload complete(S3Upload upload, Runnable before) {
        before.run();
        upload.complete();
        return upload;
    }

    /** Makes an object of what was written. Throws what an earlier one failed with. */
    void add(S3Upload upload) {
        waiting.add(upload);
        objects++;
        bytes += upload.filledBytes();
        while (objects >= MOST || bytes > MOST_BYTES) awaitOne();
    }

    private void awaitOne() {
        bytes -= puts.next().filledBytes();
        objects--;
    }

    /** Waits until all objects are made. */
    void finish() {
        while (objects > 0) awaitOne();
    }

    /** Leaves the rest undone. */
    @Override
    public void close() {
        puts.close();
    }
}
