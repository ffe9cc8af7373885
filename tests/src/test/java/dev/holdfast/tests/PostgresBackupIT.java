package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of a real server are backed up, and come back by {@code psql} alone. */
class PostgresBackupIT {

    private static final House HOUSE = House.shared();
    private static final String MOVES = """
            \\set giver random(1, 1000)
            \\set taker random(1, 1000)
            BEGIN;
            UPDATE accounts SET balance = balance - 1 WHERE id = :giver;
            UPDATE accounts SET balance = balance + 1 WHERE id = :taker;
            INSERT INTO moves (giver, taker, amount) VALUES (:giver, :taker, 1);
            DELETE FROM large WHERE n = :giver * 20;
            END;
            """;

    private static Postgres postgres;
    private static JsonNode repository;

    @BeforeAll
    static void start() throws IOException {
        Restic.require();
        postgres = Postgres.start();
        database("shop");
        postgres.psql(
                        "shop",
                        "-f",
                        Cloud.CHECKOUT
                                .root()
                                .resolve("tests/src/test/resources/shop.sql")
                                .toString())
                .run();
        repository =
                HOUSE.api.post("/v1/repositories", "{\"name\": \"databases\"}").body();
    }

    private static void database(String name) {
        postgres.sql("postgres", "CREATE DATABASE " + name);
        var added = connect(name, Postgres.SERVER + "/" + name, "\"sslMode\": \"verify-full\",");
        assertThat(added.status()).as(added.body().toString()).isEqualTo(201);
    }

    private static Api.Answer connect(String name, String endpoint, String more) {
        return HOUSE.api.post("/v1/connections", """
                {"name": "%s", "endpoint": "%s", %s
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(name, endpoint, more));
    }

    private static String job(String connection, String more) {
        return """
                {"type": "backup",
                 "payload": {"repository": "databases", %s "source": {"kind": "postgres", "connection": "%s"}}}""".formatted(more, connection);
    }

    /**
     * The dump to compare with is of the very moment of the backup: the test finds the snapshot that the backup exports
     * in the server's folder, and imports it as well. A locked table keeps the backup waiting until it has.
     */
    @Test
    void databaseUnderLoadComesBackAsItWasAtOneMoment(@TempDir Path folder) throws Exception {
        // given
        var script = Files.writeString(folder.resolve("moves.sql"), MOVES);
        try (var writers = postgres.client("pgbench", "-n", "-c", "2", "-T", "60", "-f", script.toString(), "shop")
                        .open();
                var gate = postgres.psql("shop").open();
                var witness = postgres.psql("shop").open()) {
            await().until(() -> postgres.sql("shop", "SELECT count(*) > 50 FROM moves"), "t"::equals);
            assertThat(gate.ask("BEGIN; LOCK TABLE gate; SELECT 'closed';")).isEqualTo("closed");
            // when
            var id = HOUSE.api.submit(job("shop", ""));
            var moment = await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(PostgresBackupIT::exported, names -> names.size() == 1)
                    .getFirst();
            var same = witness.ask("BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '" + moment
                    + "'; SELECT pg_export_snapshot();");
            assertThat(gate.ask("ROLLBACK; SELECT 'open';")).isEqualTo("open");
            var backup = HOUSE.api.await(id);
            var expected = dump("shop", "--snapshot=" + same);
            // then
            assertThat(writers.process().isAlive()).isTrue();
            assertThat(backup.path("state").asText()).as(backup.toString()).isEqualTo("SUCCEEDED");
            assertThat(backup.at("/result/skipped")).isEmpty();
            restore(backup, folder);
            postgres.sql("postgres", "CREATE DATABASE shop_again");
            postgres.psql("shop_again", "-f", folder.resolve("shop/restore.sql").toString())
                    .run();
            assertThat(dump("shop_again")).isEqualTo(expected);
            assertThat(postgres.sql("shop_again", "SELECT sum(balance), count(*) FROM accounts"))
                    .isEqualTo("1000000|1000");
            assertThat(postgres.sql("shop_again", "SELECT max(id) <= (SELECT last_value FROM moves_id_seq) FROM moves"))
                    .isEqualTo("t");
            assertThat(postgres.sql("shop", "SELECT count(*) FROM moves"))
                    .isNotEqualTo(postgres.sql("shop_again", "SELECT count(*) FROM moves"));
        }
    }

    @Test
    void whatHasNotChangedIsNotStoredAgainAndOneTableAloneComesBack(@TempDir Path folder) throws Exception {
        // given
        database("quiet");
        postgres.sql("quiet", "CREATE TABLE kept AS SELECT n, md5(n::text) FROM generate_series(1, 200000) n");
        postgres.sql("quiet", "CREATE TABLE noise AS SELECT 1 AS n");
        var exclude = "\"exclude\": [\"data/public/no*\"],";
        // when
        var first = HOUSE.api.run(job("quiet", exclude));
        postgres.sql("quiet", "INSERT INTO kept VALUES (0, 'new')");
        var second = HOUSE.api.run(job("quiet", exclude));
        // then
        assertThat(first.path("state").asText()).as(first.toString()).isEqualTo("SUCCEEDED");
        assertThat(first.at("/result/bytesAdded").asInt()).isGreaterThan(7_000_000);
        assertThat(second.at("/result/bytesAdded").asInt()).isLessThan(7_000_000 / 2);
        assertThat(second.at("/result/skipped/0/path").asText()).isEqualTo("data/public/noise.sql");
        restore(second, folder);
        postgres.sql("quiet", "TRUNCATE kept");
        postgres.psql(
                        "quiet",
                        "-f",
                        folder.resolve("quiet/data/public/kept.sql").toString())
                .run();
        assertThat(postgres.sql("quiet", "SELECT count(*), min(n) FROM kept")).isEqualTo("200001|0");
        assertThat(folder.resolve("quiet/restore.sql"))
                .content()
                .contains("kept.sql")
                .doesNotContain("noise.sql");
    }

    @Test
    void databaseThatMustNotBeReadFailsTheBackupAtOnce() {
        // given
        database("closed");
        postgres.sql("closed", "CREATE TABLE secret (n integer); ALTER TABLE secret ENABLE ROW LEVEL SECURITY");
        database("sealed");
        postgres.sql("sealed", "SELECT lo_from_bytea(4711, 'large')");
        connect("none", Postgres.SERVER + "/none", "");
        connect("bucket", Cloud.endpoints().s3().toString(), "");
        // when
        var closed = HOUSE.api.run(job("closed", ""));
        var sealed = HOUSE.api.run(job("sealed", ""));
        var none = HOUSE.api.run(job("none", ""));
        var bucket = HOUSE.api.run(job("bucket", ""));
        // then
        assertThat(closed.at("/error/code").asText()).as(closed.toString()).isEqualTo("source-unreadable");
        assertThat(closed.at("/error/message").asText()).contains("secret");
        assertThat(sealed.at("/error/code").asText()).as(sealed.toString()).isEqualTo("source-unreadable");
        assertThat(sealed.at("/error/message").asText()).contains("large object 4711");
        assertThat(none.at("/error/code").asText()).isEqualTo("source-unreadable");
        assertThat(none.at("/error/message").asText()).contains("\"none\" does not exist");
        assertThat(bucket.at("/error/code").asText()).isEqualTo("connection-unusable");
        assertThat(bucket.at("/error/message").asText()).contains("and not to a database");
    }

    @Test
    void connectionIsOfS3OrOfADatabase() {
        var both = connect(
                "both", Postgres.SERVER + "/both", "\"region\": \"eu\", \"bucket\": \"abc\", \"pathStyle\": true,");
        var neither = connect("neither", Cloud.endpoints().s3().toString(), "\"sslMode\": \"disable\",");
        var elsewhere = connect("elsewhere", "postgresql://db.example.org/shop", "");
        var made = connect("shown", Postgres.SERVER + "/shown", "").body();

        assertThat(both.pointers()).containsExactlyInAnyOrder("/region", "/bucket", "/pathStyle");
        assertThat(neither.pointers()).containsExactly("/sslMode");
        assertThat(elsewhere.pointers()).containsExactly("/endpoint");
        assertThat(made.path("sslMode").asText()).isEqualTo("prefer");
        assertThat(made.has("region")).isFalse();
        var repository = HOUSE.api.post("/v1/repositories", "{\"name\": \"on-sql\", \"connection\": \"shown\"}");
        assertThat(repository.pointers()).containsExactly("/connection");
    }

    /** The moments that somebody has exported. */
    private static List<String> exported() throws IOException {
        try (var files = Files.list(Postgres.data().resolve("pg_snapshots"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** What pg_dump says of a database, without what is drawn for each dump, and what goes on within transactions. */
    private static List<String> dump(String database, String... options) {
        return postgres.client("pg_dump", options)
                .with(database)
                .run()
                .lines()
                .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
                .filter(line -> !line.contains("setval('public.moves_id_seq'"))
                .toList();
    }

    private static void restore(JsonNode backup, Path folder) {
        new Restic(
                        repository.path("resticUrl").asText(),
                        repository.path("recoveryPassword").asText())
                .run("restore", backup.at("/result/snapshotId").asText(), "--target", folder.toString());
    }
}
