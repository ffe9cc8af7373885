package dev.holdfast.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A started child process. */
final class ChildProcess {
    private final String name;
    private final Path log;
    private final Process process;

    ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal; nothing happens if the process has ended. */
    void send(ProcessSignal signal) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot send " + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of the process. Returns false if it still runs after that time. */
    boolean awaitExit(Duration atMost) {
        try {
            return process.waitFor(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Ends the process at once and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(5));
    }

    /** How the process ended; 128 + n means by signal n. Only after its end. */
    int exitCode() {
        return process.exitValue();
    }

    /** The last lines of the log. */
    List<String> logTail(int lines) {
        return tail(log, lines);
    }

    /** What to tell when this child did not come up. */
    StartFailure failure(String why) {
        List<String> telling = logTail(300).stream()
                .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t... ") && !line.isBlank())
                .toList();
        return new StartFailure(name + " " + why + "; the end of " + log + " (without stack frames):\n  "
                + String.join("\n  ", telling.subList(Math.max(0, telling.size() - 25), telling.size())));
    }

    /** The last lines of a text file; none if it cannot be read. */
    static List<String> tail(Path file, int lines) {
        try {
            List<String> all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
