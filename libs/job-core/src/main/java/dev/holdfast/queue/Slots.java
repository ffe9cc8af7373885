package dev.holdfast.queue;

import java.util.concurrent.TimeUnit;

/**
 * How many messages a consumer works on at the same time. A throttle halves the number, at most once a second; every
 * round of work without one adds a slot again, up to the configured number (additive increase, multiplicative decrease,
 * as TCP does: RFC 5681). Thread-safe.
 */
final class Slots {

    /** What is in work when a throttle is met meets it as well: that is one throttle, not many. */
    private static final long ONE_THROTTLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Work that is short frees slots one by one; a request for each of them would cost ten times as much. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final int most;
    private double limit;
    private int busy;
    private long throttledAt = System.nanoTime() - ONE_THROTTLE_NANOS;

    Slots(int most) {
        this.most = most;
        this.limit = most;
    }

    /**
     * Waits for a free slot, a moment more for others to become free, and takes as many as there are, up to
     * {@code wanted}.
     */
    synchronized int acquire(int wanted) throws InterruptedException {
        while (free() < 1) wait();
        var worthIt = Math.min(wanted, (int) limit);
        var deadline = System.nanoTime() + PATIENCE_NANOS;
        for (var left = PATIENCE_NANOS; free() < worthIt && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        var taken = Math.min(wanted, Math.max(1, free())); // a throttle may have taken what was free
        busy += taken;
        return taken;
    }

    /** Takes so many slots if they are free right now. */
    synchronized boolean tryAcquire(int wanted) {
        if (free() < wanted) return false;
        busy += wanted;
        return true;
    }

    private int free() {
        return (int) limit - busy;
    }

    synchronized void release(int slots) {
        busy -= slots;
        notifyAll();
    }

    synchronized void throttled() {
        var now = System.nanoTime();
        if (now - throttledAt < ONE_THROTTLE_NANOS) return;
        throttledAt = now;
        limit = Math.max(1, limit / 2);
    }

    synchronized void worked() {
        limit = Math.min(most, limit + 1 / limit);
    }

    /** The number of slots right now. */
    synchronized int limit() {
        return (int) limit;
    }
}
