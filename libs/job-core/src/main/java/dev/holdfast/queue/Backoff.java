package dev.holdfast.queue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after failures in a row. */
public final class Backoff {

    private Backoff() {}

    /**
     * Doubles from one second, which is that of {@code failures} 0, to the cap, and takes half of it to all of it, so
     * that no herd returns together.
     */
    public static Duration after(int failures, Duration cap) {
        var millis = Math.min(cap.toMillis(), 1_000L << Math.min(failures, 20));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
    }
}
