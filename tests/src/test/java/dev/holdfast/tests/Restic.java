package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The real restic, as the judge of what lies in the bucket. RESTIC_BINARY names another one than that of the path. */
public final class Restic {

    private static final String BINARY = System.getenv().getOrDefault("RESTIC_BINARY", "restic");

    private final String url;
    private final String password;

    public Restic(String url, String password) {
        this.url = url;
        this.password = password;
    }

    record Outcome(int exitCode, String output) {}

    /** Skips the test, so that everybody sees it, if there is no restic; fails where CI is true. */
    public static void require() {
        try {
            if (start(List.of(BINARY, "version"), "", "").exitCode() == 0) return;
        } catch (IOException none) {
            // told below
        }
        if ("true".equals(System.getenv("CI"))) throw new AssertionError("CI must verify against restic");
        System.out.println("NOT VERIFIED: no restic binary here");
        Assumptions.abort("NOT VERIFIED: no restic binary here");
    }

    /** Runs a command that must succeed; returns what it printed. */
    public String run(String... command) {
        var outcome = attempt(command);
        assertThat(outcome.exitCode())
                .as("restic %s: %s", Arrays.toString(command), outcome.output())
                .isZero();
        return outcome.output();
    }

    /** What a command that must succeed printed as JSON. */
    JsonNode json(String... command) {
        var line = new ArrayList<>(List.of(command));
        line.add("--json");
        try {
            return new ObjectMapper().readTree(run(line.toArray(String[]::new)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Outcome attempt(String... command) {
        var line = new ArrayList<>(List.of(BINARY, "--no-cache"));
        line.addAll(List.of(command));
        try {
            return start(line, url, password);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome start(List<String> line, String url, String password) throws IOException {
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(Cloud.endpoints().environment());
        builder.environment().put("RESTIC_REPOSITORY", url);
        builder.environment().put("RESTIC_PASSWORD", password);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new Outcome(process.exitValue(), output);
    }
}
