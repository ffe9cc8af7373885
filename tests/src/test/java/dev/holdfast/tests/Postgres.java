package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL server of this JVM's own, from the operating system's packages: a temporary folder, a port that
 * houses allow connections to, TLS by a certificate that houses trust. Its superuser is {@code postgres}; the user that
 * reads for backups has the access key and secret key of the stand-ins, which houses keep as secrets.
 */
final class Postgres {

    private static final int PORT = Ports.free();
    private static final Path FOLDER = folder();
    private static final String PASSWORD = Cloud.endpoints().secretKey();

    /** What connections may name, without a database. */
    static final String SERVER = "postgresql://localhost:" + PORT;

    /** Which the server's certificate comes from. There once the server runs. */
    static final Path CERTIFICATE = FOLDER.resolve("server.crt");

    private final Path programs;

    private Postgres(Path programs) {
        this.programs = programs;
    }

    private static Path folder() {
        try {
            var folder = Files.createTempDirectory("holdfast-postgres-");
            folder.toFile().deleteOnExit(); // where no test starts the server
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it. Skips the test, so that everybody sees it, if there is no server; fails where CI is true. */
    static Postgres start() throws IOException {
        var programs = programs();
        if (programs.isEmpty()) {
            if ("true".equals(System.getenv("CI"))) throw new AssertionError("CI must verify against PostgreSQL");
            System.out.println("NOT VERIFIED: no PostgreSQL server here");
            Assumptions.abort("NOT VERIFIED: no PostgreSQL server here");
        }
        var server = new Postgres(programs.getLast());
        server.initialise();
        return server;
    }

    /** Where the programs are, by release. */
    private static List<Path> programs() throws IOException {
        var packages = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(packages)) return List.of();
        try (var releases = Files.list(packages)) {
            return releases.map(release -> release.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    private void initialise() throws IOException {
        if (isRoot()) run(List.of("chown", "postgres", FOLDER.toString()));
        var password = Files.writeString(FOLDER.resolve("password"), PASSWORD);
        server("initdb", "-D", data().toString(), "-U", "postgres", "-A", "scram-sha-256", "--no-sync")
                .with("--pwfile=" + password, "--locale=C", "--encoding=UTF8")
                .run();
        new Command(List.of("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"))
                .with("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
                .with("-keyout", FOLDER + "/server.key", "-out", CERTIFICATE.toString())
                .asServer()
                .run();
        server("pg_ctl", "-w", "-D", data().toString(), "-l", FOLDER + "/log", "start", "-o")
                .with(
                        "-p %d -k %s -c listen_addresses=localhost -c fsync=off -c ssl=on -c ssl_cert_file=%s -c ssl_key_file=%s/server.key"
                                .formatted(PORT, FOLDER, CERTIFICATE, FOLDER))
                .run();
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
        sql(
                "postgres",
                "CREATE ROLE \"%s\" LOGIN PASSWORD '%s' IN ROLE pg_read_all_data"
                        .formatted(Cloud.endpoints().accessKey(), PASSWORD));
    }

    private void remove() {
        server("pg_ctl", "-D", data().toString(), "-m", "immediate", "stop").run();
        run(List.of("rm", "-rf", FOLDER.toString()));
    }

    /** Where it keeps its files. */
    static Path data() {
        return FOLDER.resolve("data");
    }

    /** Runs SQL as the superuser; what it answers, without headings. */
    String sql(String database, String sql) {
        return psql(database, "-c", sql).run();
    }

    /** PostgreSQL's own shell, which stops at the first error. */
    Command psql(String database, String... options) {
        return client("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database)
                .with(options);
    }

    /** A program that logs in as the superuser. */
    Command client(String program, String... options) {
        return new Command(List.of(programs.resolve(program).toString())).with(options);
    }

    /** A program that runs beside the server, as its user: the server itself refuses to be root. */
    private Command server(String program, String... options) {
        return client(program, options).asServer();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String run(List<String> line) {
        return new Command(line).run();
    }

    /** A command to be run. */
    record Command(List<String> line) {

        Command with(String... more) {
            var longer = new ArrayList<>(line);
            longer.addAll(List.of(more));
            return new Command(longer);
        }

        Command asServer() {
            if (!isRoot()) return this;
            return new Command(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"))
                    .with(line.toArray(String[]::new));
        }

        /** Runs it; it must succeed. What it printed. */
        String run() {
            try {
                var output =
                        Files.createTempFile("holdfast-", ".out"); // a server that is left behind keeps a pipe open
                var process = builder()
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                var ended = process.waitFor(1, TimeUnit.MINUTES);
                var printed = Files.readString(output);
                Files.delete(output);
                assertThat(ended && process.exitValue() == 0)
                        .as("%s: %s", line, printed)
                        .isTrue();
                return printed.strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Leaves it running, for whoever talks to it. */
        Session open() throws IOException {
            return new Session(builder().redirectErrorStream(true).start());
        }

        private ProcessBuilder builder() {
            var builder = new ProcessBuilder(line).directory(FOLDER.toFile());
            builder.environment().put("PGHOST", "localhost");
            builder.environment().put("PGPORT", String.valueOf(PORT));
            builder.environment().put("PGUSER", "postgres");
            builder.environment().put("PGPASSWORD", PASSWORD);
            return builder;
        }
    }

    /** A command that runs. */
    record Session(Process process, BufferedReader output) implements AutoCloseable {

        Session(Process process) {
            this(process, new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        /** Says something; the line that is answered. */
        String ask(String sql) throws IOException {
            process.getOutputStream().write((sql + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return output.readLine();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
