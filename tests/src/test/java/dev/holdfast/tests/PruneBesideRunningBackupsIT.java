package dev.holdfast.tests;

import static dev.holdfast.tests.RepositoryCareIT.content;
import static dev.holdfast.tests.RepositoryCareIT.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.JobId;
import dev.holdfast.repositories.FleetLock;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.S3Storage;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.PreparedBackup;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.table.JobTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The house's workers prune while two backups stand still between their data and their snapshots. */
class PruneBesideRunningBackupsIT {

    private final House house = House.shared();
    private final Tenant tenant = Tenant.in(house);

    /** A backup that has stored all but its snapshot. */
    private record Begun(Repository repository, FleetLock lock, PreparedBackup prepared) {

        String end() {
            var stored = repository.store(repository.seal(prepared.snapshot()));
            lock.release();
            return stored.id().toHex();
        }
    }

    @Test
    void nothingIsLostBothSnapshotsAreWholeAndSpaceIsFreed(@TempDir Path folder) throws Exception {
        Restic.require();
        var made =
                tenant.api().post("/v1/repositories", "{\"name\": \"vault\"}").body();
        var restic = new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());
        try (var dynamo = Cloud.dynamo();
                var s3 = Cloud.s3()) {
            // given: unused by now are 1 and 3
            for (var seed : List.of(1, 3, 2)) tenant.api().run(inline("vault", "large.bin", content(seed)));
            tenant.api().run("""
                    {"type": "forget", "payload": {"repository": "vault", "keepLast": 1}}""");
            var first = begin(made, dynamo, s3, content(1));
            var second = begin(made, dynamo, s3, content(4));

            // when
            var prune = tenant.api().submit("""
                    {"type": "prune", "payload": {"repository": "vault"}}""");
            awaitNote(prune, "waits for 2 jobs");
            var storedAgain = tenant.api().run(inline("vault", "again.bin", content(3)));
            var one = first.end();
            awaitNote(prune, "waits for 1 jobs");
            var two = second.end();
            var pruned = tenant.api().await(prune);

            // then
            assertThat(first.prepared().added().dataBytes()).isZero();
            assertThat(storedAgain.path("result").path("bytesAdded").asInt()).isEqualTo(150_000);
            assertThat(pruned.path("state").asText()).as(pruned.toString()).isEqualTo("SUCCEEDED");
            assertThat(pruned.path("result").path("bytesFreed").asInt()).isBetween(150_000, 160_000);
            assertThat(restic.run("check", "--read-data")).contains("no errors were found");
            assertThat(restored(restic, one, folder.resolve("one"))).isEqualTo(content(1));
            assertThat(restored(restic, two, folder.resolve("two"))).isEqualTo(content(4));
            assertThat(restic.run("list", "locks")).isBlank();
        }
    }

    /** By a job that the house knows, and starts long after the test. */
    private Begun begin(JsonNode made, DynamoDbClient dynamo, S3Client s3, byte[] content) {
        var waiting = inline("vault", "beside.bin", content)
                .replace("\"type\"", "\"notBefore\": \"2199-01-01T00:00:00Z\", \"type\"");
        var id = JobId.of(tenant.api().submit(waiting));
        var keeping = new Core.Keeping(Core.LEASE, Duration.ofDays(90));
        var jobs = new JobTable(dynamo, house.table("jobs"), keeping, Instant::now, new Random());
        var repositories = RepositoryParts.repositories(dynamo, house.table("catalog"), s3, house.name, Instant::now);
        var locks =
                FleetLocks.of(dynamo, house.table("catalog"), jobs, repositories, Instant::now, Duration.ofMillis(200));
        var storage = new S3Storage(s3, house.name, made.path("prefix").asText());
        var repository = Repository.open(storage, made.path("recoveryPassword").asText());
        var lock = locks.hold(jobs.find(id).orElseThrow(), "vault", repository);
        return new Begun(
                repository,
                lock,
                BackupWriter.prepare(repository, RepositoryParts.oneFile("beside.bin", content), Progress.silent()));
    }

    private void awaitNote(String job, String note) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(tenant.api()
                                .get("/v1/jobs/" + job)
                                .body()
                                .path("history")
                                .findValuesAsText("note"))
                        .anyMatch(it -> it.contains(note)));
    }

    private static byte[] restored(Restic restic, String snapshot, Path folder) throws Exception {
        restic.run("restore", snapshot, "--target", folder.toString());
        return Files.readAllBytes(folder.resolve("beside.bin"));
    }
}
