package dev.holdfast.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts children again that died though nobody stopped them, as Kubernetes would: within a fifth of a second at first,
 * after twice the time with every death in a row, at most 30 s. A child that lived for 10 s starts from the beginning.
 * Has one thread.
 */
public final class Supervisor implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofSeconds(10);

    private final Supplier<List<Child>> children;
    private final Consumer<Child> onRestart;
    private final Map<Child, Death> deaths = new HashMap<>();
    private final Thread thread;

    /** When a child was last started by us and how long its next start waits; all in nanoseconds. */
    private record Death(long notBefore, long startedAt, Duration delay) {}

    private Supervisor(Supplier<List<Child>> children, Consumer<Child> onRestart) {
        this.children = children;
        this.onRestart = onRestart;
        this.thread = Thread.ofPlatform().daemon().name("supervisor").start(this::run);
    }

    /**
     * Watches from now on.
     *
     * @param children asked again and again, so that children may come and go
     * @param onRestart told of each restart on the supervisor's thread, when the process runs but is not ready yet
     */
    public static Supervisor watch(Supplier<List<Child>> children, Consumer<Child> onRestart) {
        return new Supervisor(children, onRestart);
    }

    private void run() {
        try {
            while (true) {
                for (Child child : children.get()) {
                    if (child.isMissing()) {
                        reviveInTime(child);
                    }
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reviveInTime(Child child) {
        long now = System.nanoTime();
        Death last = deaths.get(child);
        if (last == null) {
            deaths.put(child, new Death(now + FIRST_WAIT.toNanos(), 0, FIRST_WAIT));
        } else if (last.startedAt() != 0) {
            boolean steady = now - last.startedAt() > STEADY.toNanos();
            Duration wait = steady ? FIRST_WAIT : shorter(last.delay().multipliedBy(2), LONGEST_WAIT);
            deaths.put(child, new Death(now + wait.toNanos(), 0, wait));
        } else if (now >= last.notBefore()) {
            deaths.put(child, new Death(0, now, last.delay()));
            revive(child);
        }
    }

    private void revive(Child child) {
        try {
            if (child.revive()) {
                onRestart.accept(child);
            }
        } catch (StartFailure failure) {
            // Counts as one more death: it is tried again after a longer wait.
            System.err.println(failure.getMessage());
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Stops watching; waits until a restart that is under way is done. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
