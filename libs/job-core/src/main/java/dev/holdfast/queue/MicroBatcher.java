package dev.holdfast.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Joins the calls of many threads into batches. There is no thread behind it: the first caller of a batch waits for
 * company, makes the call for all, and wakes the others. So nothing is buffered that nobody waits for, and nothing is
 * left to flush once all callers have returned.
 *
 * @param <T> what a caller hands in
 * @param <R> what the caller gets back for it
 */
public final class MicroBatcher<T, R> {

    private final int maxSize;
    private final Duration maxWait;
    private final Function<List<T>, List<R>> call;
    private @Nullable Batch open;

    /**
     * @param maxSize calls that share a batch, from 1
     * @param maxWait how long the first caller waits for others; once more as long when some came, for more will
     * @param call takes a batch, and gives an answer for each of its items in their order; when it throws, every caller
     *     of the batch gets that exception
     */
    public MicroBatcher(int maxSize, Duration maxWait, Function<List<T>, List<R>> call) {
        this.maxSize = maxSize;
        this.maxWait = maxWait;
        this.call = call;
    }

    /** Hands one item in and waits for its answer. An interrupt while waiting does not take the item back. */
    public R submit(T item) throws InterruptedException {
        var place = enter(item);
        if (place.index() == 0) lead(place.batch());
        else place.batch().done.await();
        return place.batch().answer(place.index());
    }

    /**
     * Hands one item in and waits for nothing, unless it is the first of its batch: then as {@link #submit}. For
     * callers that have no use for the answer; only the first sees the call fail.
     */
    void leave(T item) throws InterruptedException {
        var place = enter(item);
        if (place.index() > 0) return;
        lead(place.batch());
        place.batch().answer(0);
    }

    private synchronized Place<T, R> enter(T item) {
        if (open == null) open = new Batch();
        var batch = open;
        batch.items.add(item);
        if (batch.items.size() == maxSize) {
            open = null;
            batch.full.countDown();
        }
        return new Place<>(batch, batch.items.size() - 1);
    }

    private void lead(Batch batch) throws InterruptedException {
        try {
            if (!batch.isFullWithin(maxWait) && hasCompany(batch)) batch.isFullWithin(maxWait);
        } finally {
            synchronized (this) {
                if (open == batch) open = null;
            }
            batch.run();
        }
    }

    private synchronized boolean hasCompany(Batch batch) {
        return batch.items.size() > 1;
    }

    private record Place<T, R>(MicroBatcher<T, R>.Batch batch, int index) {}

    private final class Batch {
        private final List<T> items = new ArrayList<>(maxSize);
        private final CountDownLatch full = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        private List<R> answers = List.of();
        private @Nullable RuntimeException failure;

        boolean isFullWithin(Duration time) throws InterruptedException {
            return full.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        void run() {
            try {
                answers = call.apply(List.copyOf(items));
            } catch (RuntimeException e) {
                failure = e;
            } finally {
                done.countDown();
            }
        }

        R answer(int index) {
            if (failure != null) throw failure;
            return answers.get(index);
        }
    }
}
