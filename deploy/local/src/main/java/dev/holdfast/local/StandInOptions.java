package dev.holdfast.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the stand-ins run.
 *
 * @param data where everything is kept over a restart; empty = in memory (S3 in a temporary folder)
 * @param logs folder for the log files
 * @param fullJit false = quick to start and small, for tests; true = the JIT compilers of a long-lived JVM
 * @param firstPort wish for the first of four ports in a row (SQS, DynamoDB, S3, SES), 0 = any; a port that is taken is
 *     replaced by a free one
 */
public record StandInOptions(Checkout checkout, Optional<Path> data, Path logs, boolean fullJit, int firstPort) {

    /** In memory, on free ports, for tests. */
    public static StandInOptions inMemory(Checkout checkout, Path logs) {
        return new StandInOptions(checkout, Optional.empty(), logs, false, 0);
    }

    /** On disk, on free ports. */
    public static StandInOptions on(Path data, Checkout checkout, Path logs) {
        return new StandInOptions(checkout, Optional.of(data.toAbsolutePath()), logs, false, 0);
    }

    /** The same, with the JIT compilers of a long-lived JVM. */
    public StandInOptions withFullJit() {
        return new StandInOptions(checkout, data, logs, true, firstPort);
    }

    /** The same, on the given port and the three after it, as far as they are free. */
    public StandInOptions from(int port) {
        return new StandInOptions(checkout, data, logs, fullJit, port);
    }

    /** The address of the n-th stand-in. */
    URI address(int number) {
        return URI.create("http://127.0.0.1:" + Ports.near(firstPort == 0 ? 0 : firstPort + number));
    }
}
