package dev.holdfast.worker.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** PostgreSQL's own program, which alone knows how to write every kind of schema. */
final class PgDump {

    private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d+)");

    private final String program;

    PgDump(String program) {
        this.program = program;
    }

    /** The number of its major release; empty: there is none here. */
    OptionalInt release() {
        try {
            var process = start(List.of("--version"), Map.of(), ProcessBuilder.Redirect.DISCARD);
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var version = VERSION.matcher(printed);
            return version.find() ? OptionalInt.of(Integer.parseInt(version.group(1))) : OptionalInt.empty();
        } catch (IOException none) {
            return OptionalInt.empty();
        }
    }

    /**
     * Begins to write a part of a dump as SQL. The stream fails with an {@link UnreadableException} at its end when the
     * program has failed. To be closed.
     *
     * @param moment the id of the {@link Moment} that it is to see
     * @param part the options that say which part
     */
    InputStream open(Server server, String moment, List<String> part) throws IOException {
        var options = new ArrayList<>(List.of(
                "--format=plain",
                "--encoding=UTF8",
                "--no-password",
                "--lock-wait-timeout=30000",
                "--snapshot=" + moment));
        options.addAll(part);
        var complaints = Files.createTempFile("pg_dump-", ".log");
        try {
            var process = start(options, server.environment(), ProcessBuilder.Redirect.to(complaints.toFile()));
            return new Output(process, complaints);
        } catch (IOException none) {
            Files.delete(complaints);
            throw none;
        }
    }

    /** It sees of our own environment where programs are, and no secret. */
    private Process start(List<String> options, Map<String, String> variables, ProcessBuilder.Redirect complaints)
            throws IOException {
        var line = new ArrayList<>(List.of(program));
        line.addAll(options);
        var builder = new ProcessBuilder(line).redirectError(complaints);
        var path = builder.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().putAll(variables);
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** What it prints. */
    private static final class Output extends InputStream {

        private final Process process;
        private final Path complaints;

        Output(Process process, Path complaints) {
            this.process = process;
            this.complaints = complaints;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var count = process.getInputStream().read(bytes, offset, length);
            if (count < 0) end();
            return count;
        }

        private void end() throws IOException {
            try {
                if (process.waitFor() == 0) return;
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", stop);
            }
            throw new UnreadableException(Files.readString(complaints)
                    .strip()
                    .lines()
                    .limit(5)
                    .reduce((all, line) -> all + " " + line)
                    .orElse("pg_dump ended with " + process.exitValue()));
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            process.getInputStream().close();
            Files.deleteIfExists(complaints);
        }
    }
}
