package dev.holdfast.local.launcher;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Ends everything in order when this JVM ends, by whatever way but SIGKILL, and makes the exit code 0 unless something
 * failed. What was started but never registered is ended last.
 */
final class Teardown {
    private static final Duration SWEEP = Duration.ofSeconds(3);

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private int exitCode;

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "teardown"));
    }

    /** Adds a step before all others. */
    synchronized void first(Runnable step) {
        steps.addFirst(step);
    }

    /** Adds a step after all others. */
    synchronized void last(Runnable step) {
        steps.addLast(step);
    }

    /** The exit code will be 1. */
    synchronized void failed() {
        exitCode = 1;
    }

    private synchronized void run() {
        long start = System.nanoTime();
        System.out.println("stopping …");
        steps.forEach(Runnable::run);
        List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
        Leftovers.end(left, SWEEP);
        System.out.printf("stopped in %.1f s%n", (System.nanoTime() - start) / 1e9);
        System.out.flush();
        // Else the exit code of a JVM that was ended by a signal tells the signal.
        Runtime.getRuntime().halt(exitCode);
    }
}
