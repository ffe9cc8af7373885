package dev.holdfast.queue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Work that has begun, in a virtual thread of its own, before anybody waits for its result. */
public final class Begun<R> {

    private final FutureTask<R> task;

    private Begun(FutureTask<R> task) {
        this.task = task;
    }

    /** Begins. */
    public static <R> Begun<R> begin(Supplier<R> work) {
        var task = new FutureTask<>(work::get);
        Thread.ofVirtual().start(task);
        return new Begun<>(task);
    }

    /** For work that is not worth a thread: has done it already. */
    static <R> Begun<R> done(Supplier<R> work) {
        var task = new FutureTask<>(work::get);
        task.run();
        return new Begun<>(task);
    }

    /**
     * Waits for the result. Throws what the work threw, and an {@link InterruptedWaitException} when the waiting thread
     * is interrupted. Called again, it answers the same.
     */
    public R await() {
        try {
            return task.get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Interrupts it; nobody may wait for it any more. */
    @SuppressWarnings("Interruption") // it is our own
    void cancel() {
        task.cancel(true);
    }

    /** The thread was interrupted, and is so still. */
    public static final class InterruptedWaitException extends RuntimeException {
        private InterruptedWaitException() {
            super("interrupted");
        }
    }
}
