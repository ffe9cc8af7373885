package dev.holdfast.local;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds TCP ports for children. A port is looked for below the range from which the kernel takes ports for outgoing
 * connections, so that it is still free when the child binds it; none is given out twice by one JVM.
 */
public final class Ports {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final Set<Integer> given = new HashSet<>();

    private Ports() {}

    /** A free port between 20000 and 31999. */
    public static synchronized int free() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new StartFailure("no free port between " + LOWEST + " and " + HIGHEST);
    }

    /** The wished port if nobody has it, else any free one; 0 wishes for any. */
    public static synchronized int near(int wished) {
        return wished > 0 && wished < 65_536 && isFree(wished) && given.add(wished) ? wished : free();
    }

    /** Whether nobody listens on the port, on any address of this machine. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
