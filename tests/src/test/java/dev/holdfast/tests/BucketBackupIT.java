package dev.holdfast.tests;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.queue.InParallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket becomes one snapshot, whoever has stored which part of it. The house shares out by hundreds of objects. */
class BucketBackupIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final House house = House.shared();
    private final S3Client s3 = Cloud.s3();
    private final String bucket = "source-" + UUID.randomUUID();
    private final String connection = "c" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void makeBucket() {
        s3.createBucket(create -> create.bucket(bucket));
        var answer = house.api.post(
                "/v1/connections", """
                {"name": "%s", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(connection, Cloud.endpoints().s3()));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    @AfterEach
    void closeClient() {
        s3.close();
    }

    @Test
    void bucketInPartsIsJudgedByRestic(@TempDir Path folder) throws Exception {
        // given
        Restic.require();
        var objects = objects();
        put(objects);
        var count = objects.size();
        var repository = repository();

        // when
        var first = backUp(repository.name(), "");
        var again = backUp(repository.name(), "");
        objects.remove("d1/f0007");
        objects.put("d2/f0008", bytes(99, 3_000));
        objects.put("d1/new", bytes(98, 10));
        s3.deleteObject(delete -> delete.bucket(bucket).key("d1/f0007"));
        put(Map.of("d2/f0008", bytes(99, 3_000), "d1/new", bytes(98, 10)));
        var changed = backUp(repository.name(), "");
        var many = IntStream.range(0, 90)
                .boxed()
                .collect(toMap(
                        number -> "d0/f%04d".formatted(3 * (number % 76)) + (number < 76 ? "" : "x"),
                        number -> bytes(number, 4_000)));
        objects.putAll(many);
        put(many);
        var changedMuch = backUp(repository.name(), "");

        // then
        assertThat(first.path("children").path("total").asInt()).isEqualTo(3);
        assertThat(result(first, "filesNew")).isEqualTo(count);
        assertThat(read(first)).isEqualTo(count);
        assertThat(result(again, "filesUnmodified")).isEqualTo(count);
        assertThat(result(again, "bytesStored")).isZero();
        assertThat(again.has("children")).isFalse();
        assertThat(read(again)).isZero();
        assertThat(read(changed)).isEqualTo(2);
        assertThat(result(changed, "filesChanged")).isEqualTo(1);
        assertThat(result(changed, "filesNew")).isEqualTo(1);
        assertThat(changedMuch.path("children").path("total").asInt()).isGreaterThan(1);
        assertThat(read(changedMuch)).isEqualTo(many.size());
        assertThat(result(changedMuch, "filesChanged") + result(changedMuch, "filesNew"))
                .isEqualTo(many.size());
        var restic = repository.restic();
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        restic.run("restore", "latest", "--target", folder.toString());
        assertThat(listed(restic)).isEqualTo(asFiles(objects));
        assertThat(contents(folder))
                .containsExactlyInAnyOrderElementsOf(
                        objects.values().stream().map(Arrays::hashCode).toList());
        assertThat(keys("backups/local/" + repository.name() + "/snapshots/")).hasSize(4);
        assertThat(keys("backups/local/" + repository.name() + "/locks/")).isEmpty();
        assertThat(keys("backups/local/" + repository.name() + "/x-fleet/"))
                .allSatisfy(key -> assertThat(key).contains("/log-"));
    }

    @Test
    void hugeObjectIsStoredInPieces(@TempDir Path folder) throws Exception {
        Restic.require();
        var objects = new TreeMap<>(Map.of(
                "a/1",
                bytes(1, 10),
                "a/huge",
                bytes(2, 6_500_000),
                "b/first",
                bytes(3, 5_000_000),
                "b/last",
                bytes(4, 10)));
        put(objects);
        var repository = repository();

        var first = backUp(repository.name(), "");
        var again = backUp(repository.name(), "");
        objects.put("a/huge", bytes(5, 7_000_000));
        put(Map.of("a/huge", bytes(5, 7_000_000)));
        var changed = backUp(repository.name(), "");

        assertThat(first.path("children").path("total").asInt()).isEqualTo(1 + 7 + 5 + 1);
        assertThat(result(first, "filesNew")).isEqualTo(4);
        assertThat(result(again, "filesUnmodified")).isEqualTo(4);
        assertThat(read(again)).isZero();
        assertThat(changed.path("children").path("total").asInt()).isEqualTo(7 + 1);
        assertThat(result(changed, "filesChanged")).isEqualTo(1);
        assertThat(result(changed, "filesUnmodified")).isEqualTo(3);
        var restic = repository.restic();
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        restic.run("restore", "latest", "--target", folder.toString());
        assertThat(listed(restic)).isEqualTo(asFiles(objects));
        assertThat(contents(folder))
                .containsExactlyInAnyOrderElementsOf(
                        objects.values().stream().map(Arrays::hashCode).toList());
    }

    @Test
    void smallBucketIsOneRunAndAPrefixIsAPart() {
        put(Map.of("a/1", bytes(1, 10), "a/2", bytes(2, 10), "b/1", bytes(3, 10)));
        var repository = repository();

        var all = backUp(repository.name(), "");
        var part = backUp(repository.name(), "\"prefix\": \"a/\",");

        assertThat(all.has("children")).isFalse();
        assertThat(result(all, "filesNew")).isEqualTo(3);
        assertThat(result(part, "filesNew")).isEqualTo(2);
        assertThat(result(part, "bytesAdded")).isZero();
    }

    @Test
    void partsShowOnlyToThoseWhoAskForThem() {
        var answer = house.api.post("/v1/jobs", """
                {"type": "backup-shard", "payload": {}}""");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/type");
        assertThat(house.api.get("/v1/job-types").body().toString()).doesNotContain("backup-shard");
        assertThat(house.api.get("/v1/jobs?limit=100").body().path("items").findValuesAsText("type"))
                .doesNotContain("backup-shard");
    }

    @Test
    void whatCannotBeReadFailsWithItsReason() {
        var repository = repository();

        var nowhere = run(
                repository.name(),
                "\"bucket\": \"no-such-bucket-at-all\", \"connection\": \"%s\"".formatted(connection));
        var foreign =
                run(repository.name(), "\"bucket\": \"%s\", \"connection\": \"somebody-elses\"".formatted(bucket));
        var open = run(repository.name(), "\"bucket\": \"%s\"".formatted(bucket));
        var own = run(repository.name(), "\"bucket\": \"%s\", \"prefix\": \"backups/local/\"".formatted(house.name));

        assertThat(nowhere.path("error").path("code").asText()).isEqualTo("source-unreadable");
        assertThat(nowhere.path("error").path("message").asText()).contains("no-such-bucket-at-all", "404");
        assertThat(foreign.path("error").path("code").asText()).isEqualTo("connection-unusable");
        for (var closed : List.of(open, own)) {
            assertThat(closed.path("error").path("code").asText()).isEqualTo("bucket-not-allowed");
            assertThat(closed.path("error").path("message").asText()).contains("/payload/source/connection");
        }
    }

    private record Made(String name, Restic restic) {}

    private Made repository() {
        var name = "r" + UUID.randomUUID().toString().substring(0, 8);
        var answer = house.api.post("/v1/repositories", "{\"name\": \"" + name + "\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return new Made(
                name,
                new Restic(
                        answer.body().path("resticUrl").asText(),
                        answer.body().path("recoveryPassword").asText()));
    }

    private JsonNode backUp(String repository, String prefix) {
        var job = run(repository, prefix + "\"bucket\": \"%s\", \"connection\": \"%s\"".formatted(bucket, connection));
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        return job;
    }

    private JsonNode run(String repository, String source) {
        return house.api.run("""
                {"type": "backup",
                 "payload": {"repository": "%s", "source": {"kind": "s3", %s}}}""".formatted(repository, source));
    }

    private static long result(JsonNode job, String field) {
        return job.path("result").path(field).asLong();
    }

    /** How many objects the job and its parts have read. */
    private long read(JsonNode job) throws IOException {
        var id = job.path("id").asText();
        var jobs = new HashSet<>(Set.of(id));
        house.api
                .get("/v1/jobs?type=backup-shard&limit=100")
                .body()
                .path("items")
                .forEach(part -> {
                    if (part.path("parent").asText().equals(id))
                        jobs.add(part.path("id").asText());
                });
        assertThat(jobs).hasSize(1 + job.path("children").path("total").asInt());
        return StoredParts.of(house.stack, jobs).filesRead();
    }

    /** 250 objects in three parts, and what is difficult among them. */
    private static Map<String, byte[]> objects() {
        var objects = new TreeMap<String, byte[]>();
        for (var number = 0; number < 230; number++) {
            objects.put("d%d/f%04d".formatted(number % 3, number), bytes(number, 500 + number));
        }
        objects.put("d1-x", bytes(1_001, 10)); // between d1 and d1/
        objects.put("%20", bytes(1_004, 10));
        objects.put("a b/c&d+e.txt", bytes(1_005, 10));
        objects.put("empty", new byte[0]);
        objects.put("large", bytes(1_007, 3_000_000));
        return objects;
    }

    private static byte[] bytes(int seed, int size) {
        var bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void put(Map<String, byte[]> objects) {
        try {
            InParallel.map(
                    List.copyOf(objects.entrySet()),
                    object -> s3.putObject(
                            put -> put.bucket(bucket).key(object.getKey()).contentType("text/plain"),
                            RequestBody.fromBytes(object.getValue())));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The paths that the keys become, and the sizes. Keys that this S3 cannot have are in BucketTreeTest. */
    private static Map<String, Integer> asFiles(Map<String, byte[]> objects) {
        var files = new TreeMap<String, Integer>();
        objects.forEach((key, content) -> files.put(key.equals("%20") ? "/%2520" : "/" + key, content.length));
        return files;
    }

    private static Map<String, Integer> listed(Restic restic) throws IOException {
        var files = new TreeMap<String, Integer>();
        for (var line : restic.run("ls", "latest", "--json").lines().toList()) {
            var entry = JSON.readTree(line);
            if (!entry.path("type").asText().equals("file")) continue;
            files.put(entry.path("path").asText(), entry.path("size").asInt());
        }
        return files;
    }

    /** By their hashes: what names the files have depends on the locale of this process. */
    private static List<Integer> contents(Path folder) throws IOException {
        var contents = new ArrayList<Integer>();
        try (var walk = Files.walk(folder)) {
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                contents.add(Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private List<String> keys(String prefix) {
        return s3.listObjectsV2Paginator(list -> list.bucket(house.name).prefix(prefix)).contents().stream()
                .map(object -> object.key())
                .toList();
    }
}
