package dev.holdfast.restic;

import dev.holdfast.restic.format.Limits;
import dev.holdfast.restic.format.Zstd;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Where the library runs: its clock, its randomness, and the names that locks, keys and snapshots carry.
 *
 * @param random cryptographically strong and safe for use by several threads
 * @param hostname a fleet should use one that no user's machine may have: restic takes a lock of its own host name
 *     whose process is gone for stale
 * @param limits what to believe of foreign bytes
 * @param zstd who compresses
 */
public record Environment(
        InstantSource clock,
        RandomGenerator random,
        String hostname,
        String username,
        long pid,
        Limits limits,
        Zstd.Engine zstd) {

    /** This machine and this process, with {@link Zstd.Engine#fastest}. */
    public static Environment ofThisProcess() {
        return new Environment(
                InstantSource.system(),
                new SecureRandom(),
                localHostname(),
                System.getProperty("user.name", ""),
                ProcessHandle.current().pid(),
                Limits.forThisHeap(),
                Zstd.Engine.fastest());
    }

    public Environment withZstd(Zstd.Engine engine) {
        return new Environment(clock, random, hostname, username, pid, limits, engine);
    }

    private static String localHostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
