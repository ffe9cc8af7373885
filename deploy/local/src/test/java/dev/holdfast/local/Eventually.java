package dev.holdfast.local;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition with a bound. */
final class Eventually {
    private Eventually() {}

    static void holds(Duration atMost, String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": not within " + atMost);
            }
            Thread.sleep(25);
        }
    }
}
