package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.Api.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

class UploadsIT {

    private static final int PART = 64 << 20;
    private static final int SIZE = PART + 1_000_000;

    private final House house = House.shared();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void largeFileIsPutInPartsAndBackedUp() throws Exception {
        // given
        var content = new byte[SIZE];
        new Random(2).nextBytes(content);
        var upload = create(house, """
                {"name": "disk.img", "size": %d, "sha256": "%s"}""".formatted(SIZE, sha256(content)));
        assertThat(upload.at("/parts")).hasSize(2);
        assertThat(upload.has("url")).isFalse();
        put(upload.at("/parts/0"), Arrays.copyOfRange(content, 0, PART));

        // when
        var early = complete(house, upload);
        put(upload.at("/parts/1"), Arrays.copyOfRange(content, PART, SIZE));
        var completed = complete(house, upload);
        var again = complete(house, upload);
        var backup = house.api.run(backup(upload, ""));

        // then
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.body().path("detail").asText()).contains("parts 2 are not there");
        assertThat(completed.status()).as(completed.body().toString()).isEqualTo(200);
        assertThat(completed.body().path("size").asInt()).isEqualTo(SIZE);
        assertThat(again.body()).isEqualTo(completed.body());
        assertThat(backup.path("state").asText()).as(backup.toString()).isEqualTo("SUCCEEDED");
        assertThat(backup.at("/result/bytesProcessed").asInt()).isEqualTo(SIZE);
    }

    @Test
    void smallFileIsCompleteWhenItWasPut() throws Exception {
        var upload = create(house, "{\"name\": \"a.txt\", \"size\": 5}");

        var early = complete(house, upload);
        put(upload, "12345".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(early.status()).isEqualTo(409);
        assertThat(complete(house, upload).status()).isEqualTo(200);
    }

    @Test
    void sizesBeyondTheMostAreRefused() {
        var fifty = 50L << 30;

        var most = create(house, "{\"name\": \"most\", \"size\": " + fifty + "}");
        var tooLarge = house.api.post("/v1/uploads", "{\"name\": \"more\", \"size\": " + (fifty + 1) + "}");

        assertThat(most.at("/parts")).hasSize(800);
        assertThat(tooLarge.status()).isEqualTo(422);
        assertThat(tooLarge.pointers()).containsExactly("/size");
        assertThat(tooLarge.body().path("detail").asText()).contains(Long.toString(fifty));
    }

    @Test
    void uploadsAreSweptUnlessAJobNeedsThem() throws Exception {
        // given
        var strict = StrictDoor.house();
        var used = create(strict, "{\"name\": \"used\", \"size\": 4}");
        put(used, "used".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var job = strict.api.submit(backup(used, ", \"notBefore\": \"2199-01-01T00:00:00Z\""));
        var unused = create(strict, "{\"name\": \"unused\", \"size\": 6}");
        put(unused, "unused".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var unfinished = create(strict, "{\"name\": \"unfinished\", \"size\": " + SIZE + "}");

        try (var s3 = Cloud.s3()) {
            assertThat(isThere(s3, strict, unused)).isTrue();
            assertThat(unfinished(s3, strict, unfinished)).isTrue();

            // when
            await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                assertThat(isThere(s3, strict, unused)).isFalse();
                assertThat(unfinished(s3, strict, unfinished)).isFalse();
            });

            // then
            assertThat(complete(strict, unused).status()).isEqualTo(404);
            assertThat(complete(strict, unfinished).status()).isEqualTo(404);
            assertThat(complete(strict, used).status()).isEqualTo(200);
            assertThat(strict.api.post("/v1/jobs/" + job + "/cancel", "").status())
                    .isEqualTo(200);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(isThere(s3, strict, used)).isFalse());
        }
    }

    private static boolean isThere(S3Client s3, House of, JsonNode upload) {
        var prefix = "uploads/local/" + id(upload);
        return !s3.listObjectsV2(list -> list.bucket(of.name).prefix(prefix))
                .contents()
                .isEmpty();
    }

    private static boolean unfinished(S3Client s3, House of, JsonNode upload) {
        return s3.listMultipartUploads(list -> list.bucket(of.name)).uploads().stream()
                .anyMatch(begun -> begun.key().endsWith(id(upload)));
    }

    private static JsonNode create(House of, String request) {
        var answer = of.api.post("/v1/uploads", request);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }

    private static Answer complete(House of, JsonNode upload) {
        return of.api.post("/v1/uploads/" + id(upload) + "/complete", "");
    }

    private void put(JsonNode target, byte[] content) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(target.path("url").asText()))
                .PUT(BodyPublishers.ofByteArray(content));
        target.path("headers").properties().stream()
                .filter(header -> !header.getKey().equals("content-length")) // the client sets it by itself
                .forEach(header ->
                        request.header(header.getKey(), header.getValue().asText()));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String backup(JsonNode upload, String more) {
        return """
                {"type": "backup", "payload": {"repository": "default",
                 "source": {"kind": "upload", "uploadId": "%s"}}%s}""".formatted(id(upload), more);
    }

    private static String id(JsonNode upload) {
        return upload.path("uploadId").asText();
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
