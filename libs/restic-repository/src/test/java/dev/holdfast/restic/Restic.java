package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The real restic, as judge. RESTIC_BINARY names another one than that of the path. */
final class Restic {
    static final String PASSWORD = "correct horse";

    static final String BINARY = System.getenv().getOrDefault("RESTIC_BINARY", "restic");

    private final Path repository;

    Restic(Path repository) {
        this.repository = repository;
    }

    record Outcome(int exitCode, String output) {}

    /** Skips the test, so that everybody sees it, if there is no restic; fails where CI is true. */
    static void require() {
        if (works("version")) return;
        notVerified("no restic binary here");
    }

    /** Skips the test if this restic is too old for a command. */
    static void requireCommand(String command) {
        if (works(command, "--help")) return;
        var notice = "NOT VERIFIED: this restic has no command " + command;
        System.out.println(notice);
        Assumptions.abort(notice);
    }

    private static void notVerified(String why) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError("CI must verify against restic: " + why);
        System.out.println("NOT VERIFIED: " + why);
        Assumptions.abort("NOT VERIFIED: " + why);
    }

    private static boolean works(String... command) {
        try {
            return start(List.of(command), Path.of(".")).exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs a command that must succeed; returns what it printed. */
    String run(String... command) throws IOException {
        var outcome = attempt(command);
        assertThat(outcome.exitCode())
                .as("restic %s: %s", Arrays.toString(command), outcome.output())
                .isZero();
        return outcome.output();
    }

    Outcome attempt(String... command) throws IOException {
        return start(List.of(command), repository);
    }

    private static Outcome start(List<String> command, Path repository) throws IOException {
        var line = new ArrayList<>(List.of(BINARY, "--no-cache"));
        line.addAll(command);
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("RESTIC_REPOSITORY", repository.toString());
        environment.put("RESTIC_PASSWORD", PASSWORD);
        environment.put("RESTIC_FROM_PASSWORD", PASSWORD);
        environment.put("RESTIC_PASSWORD2", PASSWORD); // its name before 0.15
        environment.put("TZ", "UTC");
        return finish(builder.start());
    }

    private static Outcome finish(Process process) throws IOException {
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new Outcome(process.exitValue(), output);
    }

    /** Runs a shell command; for what Java cannot see, such as names that are not UTF-8. */
    static String shell(Path folder, String script) throws IOException {
        var process = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Every entry with type, permissions, time, link target and content, to compare two trees. */
    static String listing(Path folder) throws IOException {
        return shell(
                folder,
                "export LC_ALL=C; find . -mindepth 1 -printf '%P|%y|%m|%T@|%l|%s\\n' | sed -E '/\\|d\\|/s/\\|[0-9]+$//' | sort;"
                        + " find . -type f -exec sha256sum {} + | sort");
    }
}
