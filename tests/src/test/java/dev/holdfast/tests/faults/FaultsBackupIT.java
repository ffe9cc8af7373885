package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.repositories.S3Storage;
import dev.holdfast.restic.Checker;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.tests.Api;
import dev.holdfast.tests.Cloud;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Workers that are killed in the middle of a backup. */
class FaultsBackupIT {

    private final FaultHouse house = FaultHouse.shared();
    private final Recorder recorder = new Recorder(house.house.api);
    private final Api api = house.house.api;

    @BeforeEach
    @AfterEach
    void heal() {
        house.heal();
    }

    /** Of the objects that the backup puts: a lock, a pack of data, a pack of trees, an index, the snapshot. */
    @Test
    @DisplayName("F31: a worker killed while it stores a snapshot leaves a whole repository with one snapshot")
    void workerKilledWhileItStoresTheSnapshot() {
        var name = "f31";
        var made = api.post("/v1/repositories", "{\"name\": \"f31\"}").body();
        FaultHouse.arm(house.workers(Proxies::s3), Rule.on("PutObject").every(5).insteadDo(this::kill));

        var id = api.submit("""
                {"type": "backup", "payload": {"repository": "%s",
                 "source": {"kind": "inline", "name": "a.txt", "contentBase64": "YSBmaWxl"}}}""".formatted(name));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> job(id).path("state").asText().equals("SUCCEEDED"));

        var storage = new S3Storage(Cloud.s3(), house.house.name, "backups/local/" + name);
        var repository = Repository.open(storage, made.path("recoveryPassword").asText());
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 1, Progress.silent());
        assertThat(recorder.deaths()).hasSize(1);
        assertThat(report.errors()).isEmpty();
        assertThat(repository.snapshots())
                .extracting(snapshot -> snapshot.id().toHex())
                .containsExactly(job(id).path("result").path("snapshotId").asText());
        assertThat(api.get("/v1/repositories/" + name + "/snapshots").body().path("items"))
                .hasSize(1);
    }

    private void kill(String worker) {
        house.heal();
        house.kill(worker, recorder);
    }

    private JsonNode job(String id) {
        return api.get("/v1/jobs/" + id).body();
    }
}
