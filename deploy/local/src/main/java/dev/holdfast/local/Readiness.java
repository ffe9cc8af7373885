package dev.holdfast.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;

/** Waits until a child answers over HTTP. Uses the oldest HTTP client of the JDK: it starts fastest. */
final class Readiness {
    private static final Duration PAUSE = Duration.ofMillis(40);

    private Readiness() {}

    /** Whether one of the addresses answers with an accepted status within two seconds. */
    static boolean answers(List<URI> addresses, IntPredicate accepted) {
        return addresses.stream().anyMatch(address -> accepted.test(status(address)));
    }

    /**
     * Waits until one of the addresses answers with an accepted status.
     *
     * @throws StartFailure naming the child, with the end of its log, if it ends or the time is over
     */
    static void await(ChildProcess child, List<URI> addresses, IntPredicate accepted, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!answers(addresses, accepted)) {
            if (child.awaitExit(PAUSE)) {
                throw child.failure("ended with exit code " + child.exitCode() + " before it was ready");
            }
            if (System.nanoTime() > deadline) {
                throw child.failure("was not ready after " + atMost.toSeconds() + " s");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new StartFailure("interrupted while waiting for " + child.name());
            }
        }
    }

    /** The status of a GET; 0 if there was no answer. */
    private static int status(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(2_000);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return 0;
        }
    }
}
