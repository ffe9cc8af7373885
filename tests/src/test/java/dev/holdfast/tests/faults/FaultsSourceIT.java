package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.Cloud;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of a tenant hands out one of its objects to nobody. */
class FaultsSourceIT {

    private final FaultHouse house = FaultHouse.shared();
    private final S3Client s3 = Cloud.s3();
    private final String name = "s" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void start() {
        house.heal();
        s3.createBucket(create -> create.bucket(name));
        for (var key : new String[] {"a/open", "a/shut", "left-out"}) {
            s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromString(key));
        }
        var api = house.house.api;
        var connection = api.post("/v1/connections", """
                {"name": "%s", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(name, house.sources().url()));
        assertThat(connection.status()).as(connection.body().toString()).isEqualTo(201);
        assertThat(api.post("/v1/repositories", "{\"name\": \"" + name + "\"}").status())
                .isEqualTo(201);
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

    private JsonNode backUp(String more) {
        return house.house.api.run("""
                {"type": "backup",
                 "payload": {"repository": "%s", "exclude": ["left-out"],
                             "source": {"kind": "s3", "bucket": "%s", "connection": "%s"}%s}}""".formatted(name, name, name, more));
    }
}
