package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.repositories.S3Storage;
import dev.holdfast.restic.BackupRequest;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.WriterOptions;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.format.SnapshotSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What cannot be restored is told, and why. */
class RestoreRefusalsIT {

    private static final House HOUSE = House.shared();
    private static final S3Client S3 = Cloud.s3();
    private static final String BUCKET = HOUSE.name + "-refused";
    private static final Api OWNER = HOUSE.api.as(HOUSE.key("owner", "jobs:write", "jobs:read", "admin"));
    private static final String DOWNLOAD = "{\"kind\": \"download\"}";

    @BeforeAll
    static void connect() {
        S3.createBucket(create -> create.bucket(BUCKET));
        OWNER.post("/v1/connections", """
                {"name": "refused", "endpoint": "%s", "bucket": "%s", "accessKey": "env:HOLDFAST_SECRET_OWNER_ACCESS",
                 "secretKey": "env:HOLDFAST_SECRET_OWNER_SECRET"}""".formatted(Cloud.endpoints().s3(), BUCKET));
    }

    @AfterAll
    static void close() {
        S3.close();
    }

    @Test
    void fileThatNoObjectCanHoldIsToldAndTheOthersAreThere() throws Exception {
        // given
        storeHuge(made("huge"), 641_728_512_001L);
        check("huge");

        // when
        var objects = restore("huge", "", """
                {"kind": "s3", "bucket": "%s", "prefix": "back", "connection": "refused"}""".formatted(BUCKET));
        var file = restore("huge", "\"path\": \"/huge\",", DOWNLOAD);
        var archive = restore("huge", "", DOWNLOAD);

        // then
        assertThat(List.of(objects, file, archive))
                .extracting(job -> job.path("error").path("code").asText())
                .containsOnly("restore-incomplete");
        assertThat(List.of(objects, file))
                .extracting(job -> job.path("error").path("message").asText())
                .containsOnly("1 entries cannot be restored: /huge: an object would be larger than 641728512000 bytes");
        assertThat(archive.path("error").path("message").asText()).contains("641728512005 bytes");
        assertThat(S3.listObjectsV2(list -> list.bucket(BUCKET)).contents())
                .extracting(S3Object::key)
                .containsExactly("back/small");
    }

    @Test
    void pipeAndSocketThatNoArchiveHoldsAreNoDamage() throws Exception {
        // given
        var repository = made("pipes");
        backUp(
                repository,
                other("a-pipe", new Node.Fifo()),
                file("b.txt", "text"),
                other("c-socket", new Node.Socket()));
        check("pipes");

        // when
        var archive = restore("pipes", "", DOWNLOAD);

        // then
        assertThat(archive.path("error").path("code").asText()).isEqualTo("restore-incomplete");
        assertThat(archive.path("error").path("message").asText())
                .isEqualTo("2 entries cannot be restored: /a-pipe: only restic restores such a file");
    }

    @Test
    void filesWhoseDataIsGoneAreDamageAndToldInTheFirstAttempt() throws Exception {
        // given
        var repository = made("gone");
        backUp(repository, other("a-pipe", new Node.Fifo()), directory("last", file("c.txt", "text")));
        var before = packs("gone");
        backUp(
                repository,
                other("a-pipe", new Node.Fifo()),
                file("b.bin", RepositoryCareIT.content(6)),
                directory("last", file("c.txt", "text"), file("d.bin", RepositoryCareIT.content(7))));
        check("gone");
        var added = packs("gone").stream()
                .filter(pack -> before.stream().noneMatch(old -> old.key().equals(pack.key())))
                .max(Comparator.comparing(S3Object::size))
                .orElseThrow();
        S3.deleteObject(delete -> delete.bucket(HOUSE.name).key(added.key()));

        // when
        var last = restore("gone", "\"path\": \"/last\",", DOWNLOAD);
        var all = restore("gone", "", DOWNLOAD);

        // then
        assertThat(List.of(last, all)).allSatisfy(job -> {
            assertThat(job.path("error").path("code").asText())
                    .as(job.toString())
                    .isEqualTo("repository-damaged");
            assertThat(job.path("error").path("attempt").asInt()).isEqualTo(1);
        });
        assertThat(last.path("error").path("message").asText())
                .startsWith("1 entries cannot be restored: /last/d.bin: ");
        assertThat(all.path("error").path("message").asText()).startsWith("3 entries cannot be restored: /b.bin: ");
    }

    private static List<S3Object> packs(String repository) {
        var prefix = OWNER.get("/v1/repositories/" + repository)
                .body()
                .path("prefix")
                .asText();
        return S3.listObjectsV2(list -> list.bucket(HOUSE.name).prefix(prefix + "/data/"))
                .contents();
    }

    private static void backUp(Repository repository, SourceEntry... entries) {
        var request = BackupRequest.of(directory("root", entries), List.of("/home"), repository);
        BackupWriter.backup(repository, request, Progress.silent());
    }

    private static SourceDirectory directory(String name, SourceEntry... entries) {
        return new SourceDirectory(ByteString.of(name), Attributes.of(0755, Instant.EPOCH), List.of(entries)::iterator);
    }

    private static SourceOther other(String name, Node.Kind kind) {
        return new SourceOther(ByteString.of(name), Attributes.of(0644, Instant.EPOCH), kind);
    }

    private static SourceFile file(String name, String content) {
        return file(name, content.getBytes(UTF_8));
    }

    private static SourceFile file(String name, byte[] content) {
        return new SourceFile(
                ByteString.of(name),
                Attributes.of(0644, Instant.EPOCH),
                content.length,
                () -> new ByteArrayInputStream(content));
    }

    /** A snapshot of a file of that size, as it says, and of one of four bytes. */
    private static void storeHuge(Repository repository, long size) throws IOException {
        try (var writer = PartWriter.open(repository, Optional.empty(), WriterOptions.defaults())) {
            var stored = writer.store(new ByteArrayInputStream("some".getBytes(UTF_8)), _ -> {});
            var tree = writer.tree();
            tree.add(node("huge", new Node.File(size, stored.blobs())));
            tree.add(node("small", new Node.File(4, stored.blobs())));
            var root = tree.finish();
            writer.finish().indexes().forEach(repository::store);
            repository.store(repository.seal(new Snapshot(
                    OffsetDateTime.parse("2026-01-01T00:00:00Z"),
                    Optional.empty(),
                    root,
                    List.of("/home"),
                    "host",
                    "user",
                    0,
                    0,
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    "test",
                    Optional.of(new SnapshotSummary(
                            Instant.EPOCH, Instant.EPOCH, 2, 0, 0, 0, 0, 0, 1, 1, 4, 4, 2, size + 4)))));
        }
    }

    private static Node node(String name, Node.File content) {
        return new Node(ByteString.of(name), content, Attributes.of(0644, Instant.EPOCH));
    }

    private static Repository made(String name) {
        var made =
                OWNER.post("/v1/repositories", "{\"name\": \"" + name + "\"}").body();
        return Repository.open(
                new S3Storage(S3, HOUSE.name, made.path("prefix").asText()),
                made.path("recoveryPassword").asText());
    }

    /** Brings the snapshots of others into the catalogue. */
    private static void check(String repository) {
        var check = OWNER.run("{\"type\": \"check\", \"payload\": {\"repository\": \"%s\", \"readData\": \"none\"}}"
                .formatted(repository));
        assertThat(check.path("state").asText()).as(check.toString()).isEqualTo("SUCCEEDED");
    }

    private static JsonNode restore(String repository, String more, String target) {
        return OWNER.run("""
                {"type": "restore",
                 "payload": {"repository": "%s", "snapshot": "latest", %s "target": %s}}""".formatted(repository, more, target));
    }
}
