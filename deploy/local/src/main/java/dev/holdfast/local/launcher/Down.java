package dev.holdfast.local.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Stops a running {@code up}, or what a crashed one has left. */
final class Down {
    /** The launcher itself needs up to 15 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Down() {}

    static int stop(Path folder) {
        Running running = DataFolder.running(folder).orElse(new Running(nobody(), List.of()));
        var launcher = running.launcher().process();
        if (launcher.isPresent()) {
            long start = System.nanoTime();
            launcher.get().destroy();
            boolean ended = Leftovers.awaitEnd(launcher.get(), PATIENCE);
            if (!ended) {
                System.out.println("the launcher (pid " + launcher.get().pid() + ") did not stop: it is killed");
                launcher.get().destroyForcibly();
                Leftovers.awaitEnd(launcher.get(), Duration.ofSeconds(5));
            }
            Leftovers.end(running);
            System.out.printf("stopped what ran on %s in %.1f s%n", folder, (System.nanoTime() - start) / 1e9);
            return 0;
        }
        if (!Files.isDirectory(folder) || running.children().isEmpty()) {
            System.out.println("nothing runs on " + folder);
            return 0;
        }
        DataFolder.lock(folder).ifPresent(claimed -> {
            try (claimed) {
                Leftovers.end(running);
                claimed.forget();
            }
        });
        System.out.println("the launcher on " + folder + " had crashed: what it left is ended");
        return 0;
    }

    private static Running.One nobody() {
        return new Running.One("launcher", Long.MAX_VALUE, 0, "", List.of());
    }
}
