package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the runs of a job did is told to its owner, and to nobody who looks into the bucket. */
class JobLogIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final S3Client S3 = Cloud.s3();

    private final House house = House.shared();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String bucket = "logged-" + mark;

    @AfterAll
    static void close() {
        S3.close();
    }

    /** The house shares out by hundreds of objects. */
    @Test
    void logHasWhatAllRunsAndPartsDidAndIsSealed() {
        // given
        var repository = prepare();
        var job = house.api.submit("""
                {"type": "backup",
                 "payload": {"repository": "%s", "exclude": ["secret-plans/**"],
                             "source": {"kind": "s3", "bucket": "%s", "connection": "%s"}}}""".formatted(repository, bucket, repository));
        assertThat(house.api.await(job).path("error").path("code").asText()).isEqualTo("source-unreadable");
        S3.createBucket(create -> create.bucket(bucket));
        for (var number = 0; number < 130; number++) put("f%04d".formatted(number));
        put("secret-plans/volcano.txt");

        // when
        assertThat(house.api.post("/v1/jobs/" + job + "/retry", "").status()).isEqualTo(202);
        var ended = house.api.await(job);
        var log = house.api.get(ended.path("links").path("log").asText());

        // then
        assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
        assertThat(log.status()).as(log.response().body()).isEqualTo(200);
        assertThat(log.header("Content-Type")).startsWith("application/x-ndjson");
        var lines = log.response().body().lines().map(JobLogIT::json).toList();
        var parts = ended.path("children").path("total").asInt();
        assertThat(parts).isEqualTo(2);
        assertThat(lines.stream().map(line -> line.path("time").asText())).isSorted();
        assertThat(events(lines, job)).startsWith("begun", "failed", "begun", "planned", "shared out", "begun");
        assertThat(events(lines, job)).endsWith("put together", "snapshot sealed", "snapshot stored", "succeeded");
        assertThat(line(lines, "failed").path("code").asText()).isEqualTo("source-unreadable");
        assertThat(line(lines, "failed").path("level").asText()).isEqualTo("error");
        assertThat(line(lines, "planned").path("parts").asInt()).isEqualTo(2);
        assertThat(lines.stream()
                        .filter(line -> line.path("event").asText().equals("part stored"))
                        .mapToInt(line -> line.path("files").asInt()))
                .hasSize(2)
                .satisfies(counts -> assertThat(
                                counts.stream().mapToInt(Integer::intValue).sum())
                        .isEqualTo(130));
        assertThat(line(lines, "left out").path("path").asText()).isEqualTo("secret-plans/volcano.txt");
        assertThat(line(lines, "left out").path("reason").asText()).isEqualTo("excluded");
        assertThat(lines.getLast().at("/result/snapshotId")).isEqualTo(ended.at("/result/snapshotId"));

        // and a part has its own alone
        var part = line(lines, "left out").path("job").asText();
        var ofPart = house.api.get("/v1/jobs/" + part + "/log").response().body();
        assertThat(ofPart.lines().map(JobLogIT::json))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.path("job").asText()).isEqualTo(part));

        // and others see nothing
        var others = Tenant.in(house).api().get("/v1/jobs/" + job + "/log");
        assertThat(others.status()).isEqualTo(404);
        assertThat(others.body().path("detail").asText()).isEqualTo("There is no job " + job + ".");
        var stored = objects("backups/local/" + repository + "/x-fleet/jobs/" + job + "/");
        assertThat(stored).hasSize(3 + parts); // failed, planned, put together; each part
        for (var object : stored) {
            var bytes = S3.getObjectAsBytes(get -> get.bucket(house.name).key(object.key()))
                    .asByteArray();
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .doesNotContain("volcano")
                    .doesNotContain("event")
                    .doesNotContain(repository);
        }
    }

    @Test
    void jobWithoutALogSaysWhy() {
        var later = house.api.submit("""
                {"type": "check", "payload": {"repository": "default", "readData": "none"},
                 "notBefore": "2199-01-01T00:00:00Z"}""");

        var none = house.api.get("/v1/jobs/" + later + "/log");

        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body().path("detail").asText()).contains("log of job " + later, "has not begun");
        assertThat(house.api.get("/v1/jobs/" + later).body().path("links").has("log"))
                .isFalse();
        assertThat(house.api.post("/v1/jobs/" + later + "/cancel", "").status()).isEqualTo(200);
    }

    /** A repository and a connection of the same name. */
    private String prepare() {
        var name = "log-" + mark;
        assertThat(house.api
                        .post("/v1/connections", """
                {"name": "%s", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(
                                        name, Cloud.endpoints().s3()))
                        .status())
                .isEqualTo(201);
        assertThat(house.api
                        .post("/v1/repositories", "{\"name\": \"" + name + "\"}")
                        .status())
                .isEqualTo(201);
        return name;
    }

    private void put(String key) {
        S3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(key));
    }

    private List<S3Object> objects(String prefix) {
        return S3.listObjectsV2(list -> list.bucket(house.name).prefix(prefix)).contents();
    }

    private static List<String> events(List<JsonNode> lines, String job) {
        return lines.stream()
                .filter(line -> line.path("job").asText().equals(job))
                .map(line -> line.path("event").asText())
                .toList();
    }

    private static JsonNode line(List<JsonNode> lines, String event) {
        return lines.stream()
                .filter(line -> line.path("event").asText().equals(event))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + event + " in " + lines));
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }
}
