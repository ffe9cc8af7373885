package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Buckets that the operator opens to tenants, who have no connection: a part of one to all, and one to {@code local}.
 */
class OpenBucketsIT {

    private static final House HOUSE = House.shared();
    private static final S3Client S3 = Cloud.s3();
    private static final String OPEN = HOUSE.name + "-open";
    private static final String MINE = HOUSE.name + "-mine";

    @BeforeAll
    static void makeBuckets() {
        for (var bucket : new String[] {OPEN, MINE}) S3.createBucket(create -> create.bucket(bucket));
        for (var key : new String[] {"in/a.txt", "in/sub/b.txt", "other/c.txt"}) {
            S3.putObject(put -> put.bucket(OPEN).key(key), RequestBody.fromString(key));
        }
        S3.putObject(put -> put.bucket(MINE).key("d.txt"), RequestBody.fromString("mine"));
    }

    @AfterAll
    static void close() {
        S3.close();
    }

    @Test
    void listedBucketIsBackedUpAndRestoredIntoWithoutAConnection() {
        var made = succeeded(backUp(HOUSE.api, OPEN, "in/"));
        var mine = succeeded(backUp(HOUSE.api, MINE, ""));

        assertThat(made.path("filesNew").asInt()).isEqualTo(2);
        assertThat(mine.path("filesNew").asInt()).isEqualTo(1);
        var restored = succeeded(restore(made, OPEN, "back/again"));
        assertThat(restored.path("files").asInt()).isEqualTo(2);
        assertThat(S3.getObjectAsBytes(get -> get.bucket(OPEN).key("back/again/in/sub/b.txt"))
                        .asUtf8String())
                .isEqualTo("in/sub/b.txt");
        assertThat(code(restore(made, OPEN, "in"))).isEqualTo("bucket-not-allowed");
        assertThat(code(restore(made, OPEN, ""))).isEqualTo("bucket-not-allowed");
        assertThat(code(restore(made, MINE, ""))).isEqualTo("bucket-not-allowed");
    }

    @Test
    void whatIsNotListedIsClosed() {
        var other = HOUSE.api.as(HOUSE.key("owner", "jobs:write", "jobs:read", "admin"));

        assertThat(code(backUp(HOUSE.api, OPEN, ""))).isEqualTo("bucket-not-allowed");
        assertThat(code(backUp(HOUSE.api, OPEN, "other/"))).isEqualTo("bucket-not-allowed");
        assertThat(code(backUp(HOUSE.api, HOUSE.name, ""))).isEqualTo("bucket-not-allowed");
        other.post("/v1/repositories", "{\"name\": \"default\"}");
        assertThat(code(backUp(other, MINE, ""))).isEqualTo("bucket-not-allowed");
        assertThat(backUp(other, OPEN, "in/").path("state").asText()).isEqualTo("SUCCEEDED");
    }

    private static JsonNode backUp(Api api, String bucket, String prefix) {
        var below = prefix.isEmpty() ? "" : ", \"prefix\": \"" + prefix + "\"";
        return api.run("""
                {"type": "backup",
                 "payload": {"repository": "default", "source": {"kind": "s3", "bucket": "%s"%s}}}""".formatted(bucket, below));
    }

    private static JsonNode restore(JsonNode backup, String bucket, String prefix) {
        return HOUSE.api.run("""
                {"type": "restore",
                 "payload": {"repository": "default", "snapshot": "%s",
                             "target": {"kind": "s3", "bucket": "%s", "prefix": "%s"}}}""".formatted(backup.path("snapshotId").asText(), bucket, prefix));
    }

    private static JsonNode succeeded(JsonNode job) {
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        return job.path("result");
    }

    private static String code(JsonNode job) {
        return job.at("/error/code").asText();
    }
}
