package dev.holdfast.local.demo;

import dev.holdfast.local.AwsEndpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The public restic command, on one repository.
 *
 * @param url what {@code restic -r} takes
 */
record ResticCommand(AwsEndpoints aws, String url, String password) {

    /** Whether there is a restic on the path. */
    static boolean isThere() {
        try {
            return run(List.of("restic", "version"), Map.of()).exitCode() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    /** Runs a command that must succeed; returns what it printed. */
    String run(String... command) {
        List<String> line = new ArrayList<>(List.of("restic", "--no-cache"));
        line.addAll(List.of(command));
        Map<String, String> variables = Map.of(
                "RESTIC_REPOSITORY",
                url,
                "RESTIC_PASSWORD",
                password,
                "AWS_ACCESS_KEY_ID",
                aws.accessKey(),
                "AWS_SECRET_ACCESS_KEY",
                aws.secretKey(),
                "AWS_DEFAULT_REGION",
                aws.region());
        try {
            Ended ended = run(line, variables);
            if (ended.exitCode() == 0) {
                return ended.output();
            }
            throw new StepFailed(String.join(" ", line) + " should succeed: " + ended.output());
        } catch (IOException e) {
            throw new StepFailed(String.join(" ", line) + " cannot be started: " + e);
        }
    }

    private record Ended(int exitCode, String output) {}

    private static Ended run(List<String> line, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Ended(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("interrupted");
        }
    }
}
