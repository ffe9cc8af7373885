package dev.holdfast.local;

import java.io.IOException;
import java.lang.instrument.Instrumentation;

/**
 * A Java agent that ends its JVM when the parent process is gone. The parent starts the child with a pipe as standard
 * input and never writes to it; however the parent ends, even by SIGKILL, the kernel closes the pipe, and the child
 * sees the end of it and exits as if by SIGTERM: shutdown hooks run. Depends on nothing but the JDK, because it is on
 * the class path of every child.
 */
public final class ParentWatch {
    private ParentWatch() {}

    /** Called by the JVM before the child's main class. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        Thread.ofPlatform().name("parent-watch").daemon().start(ParentWatch::exitAtEndOfInput);
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // What the parent writes has no meaning.
            }
        } catch (IOException e) {
            // A broken pipe means the same as its end.
        }
        System.exit(143);
    }
}
