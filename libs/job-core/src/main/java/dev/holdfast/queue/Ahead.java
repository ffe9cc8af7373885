package dev.holdfast.queue;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * The same work on many things, each in a virtual thread of its own, at most so many ahead of whoever takes the
 * results, which come in the order of the things. The things themselves are asked for by that thread. For one thread.
 */
public final class Ahead<T, R> implements Iterator<R>, AutoCloseable {

    private final Iterator<T> things;
    private final Function<T, R> work;
    private final int most;
    private final ArrayDeque<FutureTask<R>> begun = new ArrayDeque<>();

    /**
     * Begins with the first {@link #next}.
     *
     * @param work what it throws, {@link #next} throws
     * @param most how many of the things are in work at the same time, from 1
     */
    public Ahead(Iterator<T> things, Function<T, R> work, int most) {
        this.things = things;
        this.work = work;
        this.most = most;
    }

    @Override
    public boolean hasNext() {
        return !begun.isEmpty() || things.hasNext();
    }

    /** Throws an {@link InterruptedWaitException} when the thread is interrupted while it waits. */
    @Override
    public R next() {
        while (begun.size() < most && things.hasNext()) {
            var thing = things.next();
            var task = new FutureTask<>(() -> work.apply(thing));
            Thread.ofVirtual().start(task);
            begun.add(task);
        }
        if (begun.isEmpty()) throw new NoSuchElementException();
        try {
            return begun.remove().get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The thread was interrupted, and is so still. */
    public static final class InterruptedWaitException extends RuntimeException {
        private InterruptedWaitException() {
            super("interrupted");
        }
    }

    /** Interrupts what is in work. */
    @Override
    @SuppressWarnings("Interruption") // it is our own, and nobody wants its result any more
    public void close() {
        begun.forEach(task -> task.cancel(true));
        begun.clear();
    }
}
