package dev.holdfast.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The checkout, and the command-line tools that read it. */
final class Tools {

    /** The folder of the project. */
    static final Path ROOT = Path.of(System.getProperty("holdfast.root", "../.."))
            .toAbsolutePath()
            .normalize();

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What a command printed, both streams together, and its status. */
    record Printed(int status, String text) {}

    private Tools() {}

    /**
     * Skips the test, visibly, unless a tool is on the path.
     *
     * @param what what is not verified without it
     */
    static void need(String tool, String what) {
        var found = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
        if (!found) notVerified(what + ": there is no " + tool + " here");
    }

    /** Skips the test, visibly; or fails it where {@code REQUIRE_DEPLOY_TOOLS=1} asks for that. */
    static void notVerified(String why) {
        System.out.println("NOT VERIFIED: " + why);
        if ("1".equals(System.getenv("REQUIRE_DEPLOY_TOOLS"))) throw new AssertionError("NOT VERIFIED: " + why);
        Assumptions.abort("NOT VERIFIED: " + why);
    }

    /** Runs a command in a folder, with more environment variables. */
    static Printed run(Path folder, Map<String, String> environment, List<String> command) {
        try {
            var output = Files.createTempFile("holdfast-check", ".txt");
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end within " + LIMIT);
            }
            var text = Files.readString(output);
            Files.delete(output);
            return new Printed(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The same, of which the output is wanted and only success is good. */
    static String output(Path folder, Map<String, String> environment, List<String> command) {
        var printed = run(folder, environment, command);
        if (printed.status() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + printed.status() + ":\n" + printed.text());
        }
        return printed.text();
    }

    static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
