package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackupIT {

    private final House house = House.shared();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void uploadIsBackedUpAndComesBackByteForByte() throws Exception {
        // given
        var content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        var upload = house.api.post("/v1/uploads", """
                {"name": "photos.tar", "size": %d, "sha256": "%s"}""".formatted(content.length, sha256(content)));
        assertThat(upload.status()).isEqualTo(201);
        assertThat(put(upload.body(), content)).isEqualTo(200);

        // when
        var backup = house.api.run("""
                {"type": "backup",
                 "payload": {"repository": "default", "tags": ["nightly"],
                             "source": {"kind": "upload", "uploadId": "%s"}},
                 "notify": {"email": ["backup-ops@example.org"], "on": ["succeeded"]}}""".formatted(upload.body().path("uploadId").asText()));
        var snapshot = backup.path("result").path("snapshotId").asText();
        var restore = restore(snapshot);

        // then
        assertThat(backup.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(backup.path("result").path("filesNew").asInt()).isEqualTo(1);
        assertThat(backup.path("result").path("bytesProcessed").asInt()).isEqualTo(3_000_000);
        assertThat(backup.path("result").path("bytesAdded").asInt()).isEqualTo(3_000_000);
        assertThat(restore.path("result").path("bytes").asInt()).isEqualTo(3_000_000);
        assertThat(download(restore)).isEqualTo(content);
        var shown =
                house.api.get("/v1/repositories/default/snapshots/" + snapshot).body();
        assertThat(shown.path("tags").get(0).asText()).isEqualTo("nightly");
        assertThat(shown.path("paths").get(0).asText()).isEqualTo("/photos.tar");
        assertThat(shown.path("bytes").asInt()).isEqualTo(3_000_000);
        var mail = house.mailbox.await("backup-ops@example.org", 1).getFirst();
        assertThat(mail.path("text").asText()).contains(snapshot, "1 new");
    }

    @Test
    void sameContentAgainAddsNothing() {
        // given
        var first = house.api.run(inline("notes.txt", "first version"));

        // when
        var again = house.api.run(withParent(inline("notes.txt", "first version"), first));
        var changed = house.api.run(withParent(inline("notes.txt", "second version"), first));

        // then
        assertThat(first.path("result").path("filesNew").asInt()).isEqualTo(1);
        assertThat(again.path("result").path("filesUnmodified").asInt()).isEqualTo(1);
        assertThat(again.path("result").path("bytesAdded").asInt()).isZero();
        assertThat(changed.path("result").path("filesChanged").asInt()).isEqualTo(1);
        assertThat(changed.path("result").path("bytesAdded").asInt()).isEqualTo(14);
        assertThat(new String(download(restore(snapshot(first))), UTF_8)).isEqualTo("first version");
        assertThat(new String(download(restore(snapshot(changed))), UTF_8)).isEqualTo("second version");
    }

    @Test
    void excludedFileIsSkippedAndSaidSo() {
        var backup = house.api.run(
                inline("core.dump", "x").replace("\"repository\"", "\"exclude\": [\"*.dump\"], \"repository\""));

        assertThat(backup.path("result").path("filesNew").asInt()).isZero();
        assertThat(backup.path("result").path("skipped").get(0).path("path").asText())
                .isEqualTo("core.dump");
    }

    @Test
    void whatCannotBeReadFailsWithItsReason() {
        var neverPut = house.api
                .post("/v1/uploads", "{\"name\": \"a\", \"size\": 1}")
                .body()
                .path("uploadId")
                .asText();

        assertThat(code(upload(neverPut))).isEqualTo("upload-missing");
        assertThat(code(upload("00000000-0000-0000-0000-000000000000"))).isEqualTo("upload-not-found");
        assertThat(code(inline("a", "b").replace("default", "nowhere"))).isEqualTo("repository-not-found");
        assertThat(restore("ffffffffffff").path("error").path("code").asText()).isEqualTo("snapshot-not-found");
    }

    @Test
    void presignedUrlTakesNothingButWhatWasAnnounced() throws Exception {
        var upload = house.api.post("/v1/uploads", """
                {"name": "a.bin", "size": 4, "sha256": "%s"}""".formatted(sha256("good".getBytes(UTF_8))));

        assertThat(put(upload.body(), "evil".getBytes(UTF_8))).isGreaterThanOrEqualTo(400);
        assertThat(put(upload.body(), "good".getBytes(UTF_8))).isEqualTo(200);
    }

    private String code(String job) {
        return house.api.run(job).path("error").path("code").asText();
    }

    private static String upload(String id) {
        return """
                {"type": "backup",
                 "payload": {"repository": "default", "source": {"kind": "upload", "uploadId": "%s"}}}""".formatted(id);
    }

    private static String inline(String name, String content) {
        return """
                {"type": "backup",
                 "payload": {"repository": "default",
                             "source": {"kind": "inline", "name": "%s", "contentBase64": "%s"}}}""".formatted(name, Base64.getEncoder().encodeToString(content.getBytes(UTF_8)));
    }

    private static String withParent(String job, JsonNode parent) {
        return job.replace("\"repository\"", "\"parent\": \"" + snapshot(parent) + "\", \"repository\"");
    }

    private static String snapshot(JsonNode backup) {
        return backup.path("result").path("snapshotId").asText();
    }

    private JsonNode restore(String snapshot) {
        return house.api.run("""
                {"type": "restore",
                 "payload": {"repository": "default", "snapshot": "%s", "target": {"kind": "download"}}}""".formatted(snapshot));
    }

    private byte[] download(JsonNode restore) {
        try {
            var url = URI.create(restore.path("result").path("downloadUrl").asText());
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray())
                    .body();
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int put(JsonNode upload, byte[] content) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
                .PUT(BodyPublishers.ofByteArray(content));
        upload.path("headers").properties().forEach(header -> {
            // the HTTP client sets the length by itself
            if (!header.getKey().equals("content-length")) {
                request.header(header.getKey(), header.getValue().asText());
            }
        });
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
