package dev.holdfast.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ends several children together. */
final class Children {
    private Children() {}

    /** SIGTERM to all in parallel; what is left after the grace is killed. Returns when all have ended. */
    static void stop(List<Child> children, Duration grace) {
        List<Thread> stopping = new ArrayList<>();
        for (Child child : children) {
            stopping.add(Thread.ofVirtual().start(() -> child.stop(grace)));
        }
        for (Thread thread : stopping) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                children.forEach(Child::kill);
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
