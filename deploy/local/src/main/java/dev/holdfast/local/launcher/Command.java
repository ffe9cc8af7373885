package dev.holdfast.local.launcher;

import dev.holdfast.local.Packaging;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What the launcher is asked to do. */
sealed interface Command {
    /**
     * Run everything until stopped.
     *
     * @param data where everything is kept
     * @param aws the endpoint to use; empty = the embedded stand-ins
     */
    record Up(Path data, int port, Optional<URI> aws, int workers, Packaging packaging, Set<String> without)
            implements Command {}

    /** Show on free ports and in a temporary folder that it works. */
    record Demo(Packaging packaging) implements Command {}

    /** Tell what runs on this data folder. */
    record Status(Path data) implements Command {}

    /** Stop what runs on this data folder. */
    record Down(Path data) implements Command {}

    /**
     * Show logs.
     *
     * @param service one process; empty = all
     * @param lines how many of the last lines of each
     * @param follow go on until interrupted
     */
    record Logs(Path data, String service, int lines, boolean follow) implements Command {}

    /** Print the usage. */
    record Help() implements Command {}
}
