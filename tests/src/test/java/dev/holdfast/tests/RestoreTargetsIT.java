package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.repositories.S3Storage;
import dev.holdfast.restic.BackupRequest;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Restores into buckets and folders. */
class RestoreTargetsIT {

    private static final House HOUSE = House.shared();
    private static final S3Client S3 = Cloud.s3();
    private static final String BUCKET = HOUSE.name + "-restored";
    private static final Api OWNER = HOUSE.api.as(HOUSE.key("owner", "jobs:write", "jobs:read", "admin"));

    /**
     * A repository with a folder that has a file, a folder and a link; made by no job. The files have an attribute
     * whose name is longer than Linux allows.
     */
    @BeforeAll
    static void backUp() throws Exception {
        S3.createBucket(create -> create.bucket(BUCKET));
        assertThat(OWNER.post("/v1/connections", """
                {"name": "restored", "endpoint": "%s", "bucket": "%s", "accessKey": "env:HOLDFAST_SECRET_OWNER_ACCESS",
                 "secretKey": "env:HOLDFAST_SECRET_OWNER_SECRET"}""".formatted(Cloud.endpoints().s3(), BUCKET))
                        .status())
                .isEqualTo(201);
        var made = OWNER.post("/v1/repositories", "{\"name\": \"restored\"}").body();
        var repository = Repository.open(
                new S3Storage(S3, HOUSE.name, made.path("prefix").asText()),
                made.path("recoveryPassword").asText());
        var link = new SourceOther(
                ByteString.of("link"), Attributes.of(0777, Instant.EPOCH), new Node.Symlink(ByteString.of("../a.txt")));
        var root = directory(
                "root",
                file("a.txt", "first".getBytes(UTF_8)),
                directory("sub", file("b.bin", RepositoryCareIT.content(5)), link));
        var request = BackupRequest.of(root, List.of("/home"), repository);
        BackupWriter.backup(repository, request, Progress.silent());
        OWNER.run("{\"type\": \"check\", \"payload\": {\"repository\": \"restored\", \"readData\": \"none\"}}");
    }

    @AfterAll
    static void close() {
        S3.close();
    }

    private static SourceFile file(String name, byte[] content) {
        return new SourceFile(
                ByteString.of(name),
                Attributes.of(0644, Instant.EPOCH)
                        .withExtended(List.of(new ExtendedAttribute("user." + "n".repeat(300), ByteString.of("v")))),
                content.length,
                () -> new ByteArrayInputStream(content));
    }

    private static SourceDirectory directory(String name, SourceEntry... entries) {
        return new SourceDirectory(ByteString.of(name), Attributes.of(0755, Instant.EPOCH), List.of(entries)::iterator);
    }

    @Test
    void checkBringsSnapshotsOfOthersIntoTheCatalogue() {
        var snapshots = OWNER.get("/v1/repositories/restored/snapshots").body().path("items");

        assertThat(snapshots).hasSize(1);
        assertThat(snapshots.get(0).path("files").asInt()).isEqualTo(2);
        assertThat(snapshots.get(0).path("bytes").asInt()).isEqualTo(150_005);
    }

    @Test
    void filesBecomeObjectsOfAConnectionsBucket() {
        var restored = restore("\"path\": \"/a.txt\",", bucket(BUCKET, "back"));
        var again = restore("\"path\": \"/a.txt\",", bucket(BUCKET, "back/"));

        assertThat(restored.path("state").asText()).as(restored.toString()).isEqualTo("SUCCEEDED");
        assertThat(restored.path("result").path("files").asInt()).isEqualTo(1);
        assertThat(again.path("result")).isEqualTo(restored.path("result"));
        assertThat(keys("back/")).containsExactly("back/a.txt");
        assertThat(S3.getObjectAsBytes(get -> get.bucket(BUCKET).key("back/a.txt"))
                        .asUtf8String())
                .isEqualTo("first");
    }

    @Test
    void bucketComesBackWithItsKeysAndWhatIsKnownOfItsObjects() {
        var source = BUCKET + "-odd";
        S3.createBucket(create -> create.bucket(source));
        S3.putObject(
                put -> put.bucket(source)
                        .key("100%/%20.txt")
                        .contentType("text/plain")
                        .metadata(Map.of("owner", "ada")),
                RequestBody.fromString("odd"));
        S3.putObject(put -> put.bucket(source).key("folder/"), RequestBody.empty());
        OWNER.post("/v1/repositories", "{\"name\": \"odd\"}");
        OWNER.run("""
                {"type": "backup",
                 "payload": {"repository": "odd",
                             "source": {"kind": "s3", "bucket": "%s", "connection": "restored"}}}""".formatted(source));

        var restored = OWNER.run("""
                {"type": "restore",
                 "payload": {"repository": "odd", "snapshot": "latest", "target": %s}}""".formatted(bucket(BUCKET, "odd")));

        assertThat(restored.path("state").asText()).as(restored.toString()).isEqualTo("SUCCEEDED");
        assertThat(keys("odd/")).containsExactlyInAnyOrder("odd/100%/%20.txt", "odd/folder/");
        var object = S3.getObjectAsBytes(get -> get.bucket(BUCKET).key("odd/100%/%20.txt"));
        assertThat(object.asUtf8String()).isEqualTo("odd");
        assertThat(object.response().contentType()).isEqualTo("text/plain");
        assertThat(object.response().metadata()).containsEntry("owner", "ada");
    }

    @Test
    void linkThatNoBucketCanHoldIsToldAndTheFilesAreThere() {
        var restored = restore("", bucket(BUCKET, "whole"));

        assertThat(restored.path("error").path("code").asText()).isEqualTo("restore-incomplete");
        assertThat(restored.path("error").path("message").asText()).contains("/sub/link");
        assertThat(keys("whole/")).containsExactlyInAnyOrder("whole/a.txt", "whole/sub/b.bin");
    }

    @Test
    void holdfastsOwnBucketIsNoTarget() {
        var own = restore("", bucket(HOUSE.name, "backups/local/default"));
        var nowhere = restore("", bucket(BUCKET + "-none", ""));
        var without = restore("", "{\"kind\": \"s3\", \"bucket\": \"" + BUCKET + "\", \"prefix\": \"\"}");

        assertThat(own.path("error").path("code").asText()).isEqualTo("bucket-not-allowed");
        assertThat(nowhere.path("error").path("code").asText()).isEqualTo("bucket-not-found");
        assertThat(without.path("error").path("code").asText()).isEqualTo("bucket-not-allowed");
        assertThat(without.path("error").path("message").asText()).contains("/payload/target/connection");
    }

    @Test
    void folderIsThereOnceItIsWhole() throws Exception {
        var beside = HOUSE.restores().resolve("made/on-the-way");
        var place = beside.resolve("place");

        var restored = restore("", path(place));

        assertThat(restored.path("state").asText()).as(restored.toString()).isEqualTo("SUCCEEDED");
        assertThat(restored.path("result").path("files").asInt()).isEqualTo(2);
        assertThat(place.resolve("a.txt")).hasContent("first");
        assertThat(place.resolve("sub/b.bin")).hasBinaryContent(RepositoryCareIT.content(5));
        assertThat(Files.readSymbolicLink(place.resolve("sub/link"))).isEqualTo(Path.of("../a.txt"));
        assertThat(beside.toFile().list()).containsExactly("place");
        assertThat(OWNER.get(restored.path("links").path("log").asText())
                        .response()
                        .body())
                .contains("\"event\":\"extended attributes left out\"", "\"count\":2");
        assertThat(restore("", path(place)).path("error").path("code").asText()).isEqualTo("path-unusable");
    }

    @Test
    void noRestoreLeavesTheRootsOfTheOperator() throws Exception {
        var outside = Files.createDirectories(HOUSE.restores().resolveSibling(HOUSE.name + "-outside"));
        Files.createSymbolicLink(HOUSE.restores().resolve("link"), outside);

        assertThat(code(outside.resolve("x"))).isEqualTo("path-not-allowed");
        assertThat(code(HOUSE.restores().resolve("../" + HOUSE.name + "-outside/x")))
                .isEqualTo("path-not-allowed");
        assertThat(code(HOUSE.restores())).isEqualTo("path-not-allowed");
        assertThat(code(HOUSE.restores().resolve("link/x"))).isEqualTo("path-unusable");
        assertThat(code(HOUSE.restores().resolve("link"))).isEqualTo("path-unusable");
        assertThat(outside).isEmptyDirectory();
    }

    private String code(Path place) {
        return restore("", path(place)).path("error").path("code").asText();
    }

    private static JsonNode restore(String more, String target) {
        return OWNER.run(job(more, target));
    }

    private static String job(String more, String target) {
        return """
                {"type": "restore",
                 "payload": {"repository": "restored", "snapshot": "latest", %s "target": %s}}""".formatted(more, target);
    }

    private static String bucket(String bucket, String prefix) {
        return "{\"kind\": \"s3\", \"bucket\": \"%s\", \"prefix\": \"%s\", \"connection\": \"restored\"}"
                .formatted(bucket, prefix);
    }

    private static String path(Path place) {
        return "{\"kind\": \"path\", \"path\": \"" + place + "\"}";
    }

    private static List<String> keys(String prefix) {
        return S3.listObjectsV2Paginator(list -> list.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }
}
