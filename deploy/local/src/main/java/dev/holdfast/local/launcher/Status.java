package dev.holdfast.local.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Tells what runs on a data folder. */
final class Status {
    static final int NOT_READY = 3;

    private Status() {}

    /** Prints one line per process. Returns 0 if all are ready, else 3. */
    static int print(Path folder) {
        var running = DataFolder.running(folder);
        if (running.isEmpty() || running.get().launcher().process().isEmpty()) {
            System.out.println("nothing runs on " + folder
                    + running.map(crashed -> ": its launcher has crashed; ./holdfast down tidies up")
                            .orElse(""));
            return NOT_READY;
        }
        Running.One launcher = running.get().launcher();
        Duration since = Duration.between(Instant.ofEpochMilli(launcher.startedAtMillis()), Instant.now());
        System.out.println("Holdfast runs on " + folder + " for " + Report.duration(since) + " (launcher pid "
                + launcher.pid() + ")");
        boolean allReady = true;
        for (Running.One child : running.get().children()) {
            boolean alive = child.process().isPresent();
            boolean ready = alive && child.health().stream().anyMatch(Status::answers);
            allReady &= ready;
            System.out.printf(
                    "  %-12s pid %-8d %-9s %8s  %s%n",
                    child.name(),
                    child.pid(),
                    ready ? "ready" : alive ? "not ready" : "ended",
                    Memory.shown(child.pid()),
                    child.url());
        }
        return allReady ? 0 : NOT_READY;
    }

    /** DynamoDB Local answers 400 to a request without credentials. */
    private static boolean answers(String address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address).toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(2_000);
            int status = connection.getResponseCode();
            return status == 200 || status == 400;
        } catch (IOException e) {
            return false;
        }
    }
}
