package dev.holdfast.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a child process is started: with a pipe from this JVM as standard input (see {@link ParentWatch}), writing to a
 * log file, and ignoring SIGINT and SIGHUP, because Ctrl-C reaches the whole foreground process group and the order in
 * which things end is for the parent to decide.
 *
 * @param name how the child is called in messages
 * @param log receives both output streams; appended to
 * @param environment added to this JVM's own, of which the AWS settings and what holdfast.env holds are left out
 */
record ChildCommand(String name, Path log, List<String> command, Map<String, String> environment) {
    /** The {@code java} of this JVM. */
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final List<String> SHIELD = List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    /** For what cannot have the agent: a watcher reads the pipe and sends SIGTERM at its end. */
    private static final List<String> WATCHED_SHIELD = List.of(
            "/bin/sh",
            "-c",
            "trap '' INT HUP; exec 3<&0 </dev/null; (cat <&3 >/dev/null; kill -TERM $$ 2>/dev/null) & exec 3<&-; exec \"$@\"",
            "sh");

    ChildCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A JVM like this one with the agent; {@code arguments} are its options, class path and main class. */
    static ChildCommand java(
            String name, Path log, Checkout checkout, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>(SHIELD);
        command.add(JAVA);
        command.add("-javaagent:" + checkout.localJar());
        command.addAll(arguments);
        return new ChildCommand(name, log, command, environment);
    }

    /** A native executable, or a JVM that must be without the agent. */
    static ChildCommand watched(String name, Path log, List<String> executable, Map<String, String> environment) {
        List<String> command = new ArrayList<>(WATCHED_SHIELD);
        command.addAll(executable);
        return new ChildCommand(name, log, command, environment);
    }

    ChildCommand with(Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(environment);
        merged.putAll(more);
        return new ChildCommand(name, log, command, merged);
    }

    ChildProcess start() {
        try {
            Folders.createFor(log);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(ChildCommand::isOurs);
            builder.environment().putAll(environment);
            return new ChildProcess(name, log, builder.start());
        } catch (IOException e) {
            throw new StartFailure(name + " could not be started: " + e.getMessage());
        }
    }

    private static boolean isOurs(String variable) {
        return variable.startsWith("AWS_")
                || variable.startsWith("HOLDFAST_PID_")
                || List.of("HOLDFAST_URL", "HOLDFAST_API_KEY", "HOLDFAST_MAILBOX_URL", "HOLDFAST_BUCKET")
                        .contains(variable);
    }
}
