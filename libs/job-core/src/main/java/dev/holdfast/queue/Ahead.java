package dev.holdfast.queue;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The same work on many things, each in a virtual thread of its own, at most so many ahead of whoever takes the
 * results, which come in the order of the things. The things themselves are asked for by that thread. For one thread.
 */
public final class Ahead<T, R> implements Iterator<R>, AutoCloseable {

    private final Iterator<T> things;
    private final Function<T, R> work;
    private final Predicate<T> worthAThread;
    private final int most;
    private final ArrayDeque<Begun<R>> begun = new ArrayDeque<>();

    /**
     * Begins with the first {@link #next}.
     *
     * @param work what it throws, {@link #next} throws
     * @param most how many of the things are in work at the same time, from 1
     */
    public Ahead(Iterator<T> things, Function<T, R> work, int most) {
        this(things, work, _ -> true, most);
    }

    /** The same; the work on things that are not {@code worthAThread} is done by the thread that takes the results. */
    public Ahead(Iterator<T> things, Function<T, R> work, Predicate<T> worthAThread, int most) {
        this.things = things;
        this.work = work;
        this.worthAThread = worthAThread;
        this.most = most;
    }

    @Override
    public boolean hasNext() {
        return !begun.isEmpty() || things.hasNext();
    }

    /** Throws an {@link Begun.InterruptedWaitException} when the thread is interrupted while it waits. */
    @Override
    public R next() {
        while (begun.size() < most && things.hasNext()) {
            var thing = things.next();
            begun.add(
                    worthAThread.test(thing)
                            ? Begun.begin(() -> work.apply(thing))
                            : Begun.done(() -> work.apply(thing)));
        }
        if (begun.isEmpty()) throw new NoSuchElementException();
        return begun.remove().await();
    }

    /** Interrupts what is in work. */
    @Override
    public void close() {
        begun.forEach(Begun::cancel);
        begun.clear();
    }
}
