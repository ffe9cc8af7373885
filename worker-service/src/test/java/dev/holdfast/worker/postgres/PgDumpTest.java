package dev.holdfast.worker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repositories.DatabaseLogins.Login;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgDumpTest {

    private static final Server SERVER = new Server(
            new Login("db.example.org", 5432, "shop", "reader", "secret", "verify-full"), "/etc/ssl/roots.pem");

    @TempDir
    Path folder;

    @Test
    void releaseIsThatOfTheProgram() throws IOException {
        assertThat(program("echo 'pg_dump (PostgreSQL) 16.4 (Ubuntu 16.4-1)'").release())
                .hasValue(16);
        assertThat(program("echo 'Error: You must install postgresql-client'").release())
                .isEmpty();
        assertThat(new PgDump(folder.resolve("none").toString()).release()).isEmpty();
    }

    @Test
    void programSeesTheLoginAndNothingElseOfOurs() throws IOException {
        try (var output = program("/usr/bin/env; echo \"$@\"").open(SERVER, "3-1", List.of("--section=pre-data"))) {
            assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .contains(
                            "PGHOST=db.example.org",
                            "PGPASSWORD=secret",
                            "PGSSLMODE=verify-full",
                            "PGSSLROOTCERT=/etc/ssl/roots.pem")
                    .filteredOn(line -> !line.matches("(PG[A-Z_]+|PATH|PWD|SHLVL|_|LC_CTYPE)=.*"))
                    .singleElement()
                    .asString()
                    .endsWith("--snapshot=3-1 --section=pre-data")
                    .doesNotContain("secret");
        }
    }

    @Test
    void whatItComplainsOfIsTold() throws IOException {
        try (var output =
                program("echo half; echo 'pg_dump: error: no way' >&2; exit 1").open(SERVER, "3-1", List.of())) {
            assertThatThrownBy(output::readAllBytes)
                    .isInstanceOf(UnreadableException.class)
                    .hasMessage("pg_dump: error: no way");
        }
    }

    private PgDump program(String script) throws IOException {
        var file = Files.createTempFile(
                folder,
                "pg_dump",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return new PgDump(file.toString());
    }
}
