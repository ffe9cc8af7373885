package dev.holdfast.local.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes that this launcher did not start but that were noted as a launcher's. */
final class Leftovers {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private Leftovers() {}

    /** Ends what still runs of a crashed launcher's children: SIGTERM, SIGKILL after 10 s. */
    static void end(Running running) {
        List<ProcessHandle> alive = running.children().stream()
                .flatMap(one -> one.process().stream())
                .toList();
        if (!alive.isEmpty()) {
            System.out.println("ending " + alive.size() + " processes that a crashed launcher has left");
            end(alive, GRACE);
        }
    }

    /** SIGTERM to all, SIGKILL for what is left after the grace. */
    static void end(List<ProcessHandle> processes, Duration grace) {
        processes.forEach(ProcessHandle::destroy);
        processes.forEach(Leftovers::thaw);
        long deadline = System.nanoTime() + grace.toNanos();
        for (ProcessHandle process : processes) {
            if (!awaitEnd(process, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                process.destroyForcibly();
                awaitEnd(process, Duration.ofSeconds(5));
            }
        }
    }

    /** Returns false if the process still runs after that time. */
    static boolean awaitEnd(ProcessHandle process, Duration atMost) {
        try {
            process.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** A frozen process would only end by SIGKILL. */
    private static void thaw(ProcessHandle process) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -CONT " + process.pid() + " 2>/dev/null").start();
        } catch (IOException e) {
            // Then it is killed after the grace.
        }
    }
}
