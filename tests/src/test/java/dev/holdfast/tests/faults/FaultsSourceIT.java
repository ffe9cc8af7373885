package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.Restic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Backups of a bucket that hands out one of its objects to nobody; backups and restores by workers that die. */
class FaultsSourceIT {

    private final FaultHouse house = FaultHouse.shared();
    private final Recorder recorder = new Recorder(house.house.api);
    private final S3Client s3 = Cloud.s3();
    private Restic restic;
    private final String name = "s" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void start() {
        house.heal();
        s3.createBucket(create -> create.bucket(name));
        for (var key : new String[] {"a/open", "a/shut", "left-out"}) {
            s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromString(key));
        }
        var api = house.house.api;
        var connection =
                api.post("/v1/connections", """
                {"name": "%s", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(name, house.sources().url()));
        assertThat(connection.status()).as(connection.body().toString()).isEqualTo(201);
        var made = api.post("/v1/repositories", "{\"name\": \"" + name + "\"}").body();
        restic = new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());
        house.sources().arm(Rule.on("GetObject").containing("/a/shut").then(new Fault.Denied()));
    }

    @AfterEach
    void heal() {
        house.heal();
        s3.close();
    }

    @Test
    void whatCannotBeReadIsLeftOutWithItsReason() {
        var job = backUp("");

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("result").path("filesNew").asLong()).isEqualTo(1);
        assertThat(job.path("result").path("skipped").toString())
                .isEqualTo("[{\"path\":\"left-out\",\"reason\":\"excluded\"},"
                        + "{\"path\":\"a/shut\",\"reason\":\"access denied\"}]");
        var snapshots = house.house.api.get("/v1/repositories/" + name + "/snapshots");
        assertThat(snapshots.body().path("items").path(0).path("tags").toString())
                .contains("\"partial\"");
    }

    @Test
    void backupThatWasToBeWholeFailsInstead() {
        var job = backUp(", \"onUnreadable\": \"fail\"");

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("code").asText()).isEqualTo("source-unreadable");
        assertThat(job.path("error").path("message").asText())
                .isEqualTo("1 objects cannot be read, such as a/shut: access denied.");
        var snapshots = house.house.api.get("/v1/repositories/" + name + "/snapshots");
        assertThat(snapshots.body().path("items")).isEmpty();
    }

    @Test
    void objectThatIsReplacedByALargeOneIsTakenAsItIsThen(@TempDir Path folder) throws Exception {
        Restic.require();
        house.heal();
        var large = "large".repeat(600_000);
        house.sources()
                .arm(Rule.on("GetObject")
                        .containing("/a/open")
                        .next(1)
                        .then(new Fault.Call(
                                Fault.Moment.BEFORE_FORWARDING,
                                _ -> s3.putObject(
                                        put -> put.bucket(name).key("a/open"), RequestBody.fromString(large)))));

        var job = backUp("");

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("result").path("filesNew").asLong()).isEqualTo(2);
        restic.run("restore", "latest", "--target", folder.toString());
        assertThat(folder.resolve("a/open")).hasContent(large);
        assertThat(folder.resolve("a/shut")).hasContent("a/shut");
    }

    @Test
    @DisplayName("F31: workers killed before and after a part counts leave a sound repository, and repeat no such part")
    void workersKilledWhileTheyStoreParts(@TempDir Path folder) throws Exception {
        Restic.require();
        house.heal();
        for (var number = 0; number < 35; number++) {
            var key = "many/%03d".formatted(number);
            s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromString(key));
        }
        var counts = Rule.on("TransactWriteItems").containing("\"shard\":{\"S\"");
        FaultHouse.arm(
                house.workers(Proxies::dynamodb), counts.next(1).insteadDo(worker -> house.kill(worker, recorder)));
        FaultHouse.arm(
                house.workers(Proxies::dynamodb), counts.next(2).afterwardsDo(worker -> house.kill(worker, recorder)));

        var job = backUp("");

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        assertThat(recorder.deaths()).hasSize(2);
        assertThat(job.path("children").path("total").asInt()).isGreaterThan(1);
        assertThat(storings(job))
                .isNotEmpty()
                .allSatisfy((part, times) -> assertThat(times).as(part).isLessThanOrEqualTo(1));
        restic.run("check", "--read-data");
        restic.run("restore", "latest", "--target", folder.toString());
        for (var number = 0; number < 35; number++) {
            var key = "many/%03d".formatted(number);
            assertThat(folder.resolve(key)).hasContent(key);
        }
    }

    @Test
    void workersKilledWhileTheyRestorePartsAreReplaced() {
        house.heal();
        for (var number = 0; number < 35; number++) {
            var key = "many/%03d".formatted(number);
            s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromString(key));
        }
        assertThat(backUp("").path("state").asText()).isEqualTo("SUCCEEDED");
        var target = name + "-back";
        s3.createBucket(create -> create.bucket(target));
        var ends = Rule.on("TransactWriteItems").containing("failures");
        FaultHouse.arm(
                house.workers(Proxies::dynamodb), ends.next(1).insteadDo(worker -> house.kill(worker, recorder)));
        FaultHouse.arm(
                house.workers(Proxies::dynamodb), ends.next(2).afterwardsDo(worker -> house.kill(worker, recorder)));

        var job = house.house.api.run("""
                {"type": "restore",
                 "payload": {"repository": "%s", "snapshot": "latest",
                             "target": {"kind": "s3", "bucket": "%s", "prefix": "", "connection": "%s"}}}""".formatted(name, target, name));

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        assertThat(recorder.deaths()).hasSize(2);
        assertThat(job.path("children").path("total").asInt()).isGreaterThan(1);
        assertThat(job.path("result").path("files").asInt()).isEqualTo(37);
        for (var number = 0; number < 35; number++) {
            var key = "many/%03d".formatted(number);
            assertThat(s3.getObjectAsBytes(get -> get.bucket(target).key(key)).asUtf8String())
                    .isEqualTo(key);
        }
    }

    /** How often each part of the backup was stored so that it counted. */
    private Map<String, Integer> storings(JsonNode job) throws IOException {
        var times = new TreeMap<String, Integer>();
        for (var part : house.house
                .api
                .get("/v1/jobs?type=backup-shard&limit=100")
                .body()
                .path("items")) {
            if (!part.path("parent").equals(job.path("id"))) continue;
            var id = part.path("id").asText();
            for (var worker : house.workers()) {
                for (var line : Files.readAllLines(worker.log())) {
                    if (line.contains("part of a bucket stored jobId=" + id)) times.merge(id, 1, Integer::sum);
                }
            }
        }
        return times;
    }

    private JsonNode backUp(String more) {
        return house.house.api.run("""
                {"type": "backup",
                 "payload": {"repository": "%s", "exclude": ["left-out"],
                             "source": {"kind": "s3", "bucket": "%s", "connection": "%s"}%s}}""".formatted(name, name, name, more));
    }
}
