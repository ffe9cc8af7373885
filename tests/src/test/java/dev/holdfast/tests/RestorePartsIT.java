package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.queue.InParallel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A large restore into a bucket is shared out. The house does so by hundreds of files. */
class RestorePartsIT {

    private final House house = House.shared();
    private final S3Client s3 = Cloud.s3();
    private final String source = "source-" + UUID.randomUUID();
    private final String target = "target-" + UUID.randomUUID();
    private final String name = "p" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void backUp() throws Exception {
        s3.createBucket(create -> create.bucket(source));
        s3.createBucket(create -> create.bucket(target));
        InParallel.map(keys(), this::put);
        var connection = house.api.post(
                "/v1/connections", """
                {"name": "%s", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(name, Cloud.endpoints().s3()));
        assertThat(connection.status()).as(connection.body().toString()).isEqualTo(201);
        house.api.post("/v1/repositories", "{\"name\": \"" + name + "\"}");
        var stored = house.api.run("""
                {"type": "backup",
                 "payload": {"repository": "%s",
                             "source": {"kind": "s3", "bucket": "%s", "connection": "%s"}}}""".formatted(name, source, name));
        assertThat(stored.path("state").asText()).as(stored.toString()).isEqualTo("SUCCEEDED");
    }

    @AfterEach
    void closeClient() {
        s3.close();
    }

    /** Among them what is difficult; {@code d0} alone is more than one part. */
    private static List<String> keys() {
        var keys = new ArrayList<String>();
        for (var number = 0; number < 120; number++) keys.add("d0/sub-%d/f%04d".formatted(number % 7, number));
        for (var number = 0; number < 130; number++) keys.add("d1/f%04d".formatted(number));
        keys.addAll(List.of("d1-x", "%20", "a b/c&d+e.txt", "folder/"));
        return keys;
    }

    private String put(String key) {
        var content = key.endsWith("/") ? "" : key;
        return s3.putObject(
                        put -> put.bucket(source)
                                .key(key)
                                .contentType("text/x-" + key.length())
                                .metadata(Map.of("length", "" + key.length())),
                        RequestBody.fromString(content))
                .eTag();
    }

    @Test
    void bucketThatComesBackInPartsIsAsItWas() throws Exception {
        var whole = restore("", "back");

        assertThat(whole.path("state").asText()).as(whole.toString()).isEqualTo("SUCCEEDED");
        assertThat(whole.path("children").path("total").asInt()).isEqualTo(3);
        assertThat(whole.path("result").path("files").asInt()).isEqualTo(253);
        assertThat(whole.path("result").path("bytes").asInt()).isEqualTo(bytes());
        assertThat(parts(whole))
                .hasSize(3)
                .allSatisfy(part ->
                        assertThat(part.path("result").path("files").asInt()).isBetween(1, 100));
        assertThat(objects(target, "back/")).isEqualTo(objects(source, ""));
    }

    @Test
    void directoryIsSharedOutAsWell() throws Exception {
        var part = restore("\"path\": \"/d0\",", "");
        var small = restore("\"path\": \"a b\",", "");

        assertThat(part.path("children").path("total").asInt()).isEqualTo(2);
        assertThat(part.path("result").path("files").asInt()).isEqualTo(120);
        assertThat(small.has("children")).isFalse();
        assertThat(small.path("result").path("files").asInt()).isEqualTo(1);
        assertThat(objects(target, "d0/")).isEqualTo(objects(source, "d0/"));
        assertThat(objects(target, "")).hasSize(121);
    }

    @Test
    void partThatFailsForAReasonThatStaysFailsTheRestore() {
        var restored = house.api.run(job("", "", target + "-none"));

        assertThat(restored.path("state").asText()).isEqualTo("FAILED");
        assertThat(restored.path("error").path("code").asText()).isEqualTo("bucket-not-found");
        assertThat(restored.path("children").path("total").asInt()).isEqualTo(3);
    }

    @Test
    void partsShowOnlyToThoseWhoAskForThem() {
        var answer = house.api.post("/v1/jobs", """
                {"type": "restore-shard", "payload": {}}""");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/type");
        assertThat(house.api.get("/v1/job-types").body().toString()).doesNotContain("restore-shard");
    }

    private JsonNode restore(String path, String prefix) {
        return house.api.run(job(path, prefix, target));
    }

    private String job(String path, String prefix, String bucket) {
        return """
                {"type": "restore",
                 "payload": {"repository": "%s", "snapshot": "latest", %s
                             "target": {"kind": "s3", "bucket": "%s", "prefix": "%s", "connection": "%s"}}}""".formatted(name, path, bucket, prefix, name);
    }

    private static int bytes() {
        return keys().stream()
                .filter(key -> !key.endsWith("/"))
                .mapToInt(String::length)
                .sum();
    }

    private List<JsonNode> parts(JsonNode job) {
        var parts = new ArrayList<JsonNode>();
        house.api
                .get("/v1/jobs?type=restore-shard&limit=100")
                .body()
                .path("items")
                .forEach(part -> {
                    if (part.path("parent").equals(job.path("id"))) parts.add(part);
                });
        return parts;
    }

    private record Stored(String content, String type, Map<String, String> metadata) {}

    /** By their keys without the prefix. What a folder was described by does not come back. */
    private Map<String, Stored> objects(String bucket, String prefix) throws InterruptedException {
        var keys = s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
        var objects = new TreeMap<String, Stored>();
        var stored = InParallel.map(
                keys, key -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)));
        for (var number = 0; number < keys.size(); number++) {
            var object = stored.get(number);
            var key = keys.get(number).substring(prefix.length());
            var response = object.response();
            objects.put(
                    key,
                    key.endsWith("/")
                            ? new Stored("", "", Map.of())
                            : new Stored(object.asUtf8String(), response.contentType(), response.metadata()));
        }
        return objects;
    }
}
