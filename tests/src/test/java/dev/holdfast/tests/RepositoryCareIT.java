package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.restic.format.Id;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What keeps repositories good: check, drill, forget, prune, mirror. Restic is the judge. */
class RepositoryCareIT {

    private static final S3Client S3 = Cloud.s3();

    private final House house = House.shared();
    private final Tenant tenant = Tenant.in(house);
    private final Restic restic = restic(make("vault", ""));

    @AfterAll
    static void close() {
        S3.close();
    }

    @Test
    void wholeRepositoryPassesItsCheckAndItsDrillAndShowsSo() {
        // given
        var snapshot = backup("vault", "notes.txt", "hello");

        // when
        var check = run("check", "\"readData\": \"all\"");
        var drill = run("drill", "\"files\": 3");

        // then
        assertThat(check.path("result").path("packs").asInt())
                .as(check.toString())
                .isPositive();
        assertThat(check.path("result").path("blobs").asInt()).isGreaterThan(1);
        assertThat(check.path("result").path("errors")).isEmpty();
        assertThat(drill.path("result").path("snapshotId").asText()).isEqualTo(snapshot);
        assertThat(drill.path("result").path("files").asInt()).isEqualTo(1);
        assertThat(drill.path("result").path("bytes").asInt()).isEqualTo(5);
        var shown = tenant.api().get("/v1/repositories/vault").body();
        assertThat(shown.path("lastCheck").path("what").asText()).isEqualTo("all");
        assertThat(shown.path("lastCheck").path("errors").asInt()).isZero();
        assertThat(shown.path("lastDrill").path("job").asText())
                .isEqualTo(drill.path("id").asText());
    }

    @Test
    void storeIsAskedForChecksumsInPlaceOfPacks() {
        // given
        backup("vault", "large.bin", content(3));
        var pack = objects("vault", "data/").stream()
                .max(Comparator.comparing(S3Object::size))
                .orElseThrow();
        var zeros = new byte[Math.toIntExact(pack.size())];
        var other = RequestBody.fromBytes(zeros);
        var sha256 = Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(Id.hashOf(zeros).toHex()));

        // when
        var whole = run("check", "\"readData\": \"checksums\"");
        S3.putObject(put -> put.bucket(house.name).key(pack.key()), other); // by a client that sends no SHA-256
        var unknown = run("check", "\"readData\": \"checksums\"");
        S3.putObject(put -> put.bucket(house.name).key(pack.key()).checksumSHA256(sha256), other);
        var structure = run("check", "\"readData\": \"none\"");
        var replaced = run("check", "\"readData\": \"checksums\"");

        // then
        var packs = whole.path("result").path("packs").asInt();
        assertThat(whole.path("result").path("vouchedFor").asInt(-1))
                .as(whole.toString())
                .isEqualTo(packs)
                .isPositive();
        assertThat(whole.path("result").path("withoutChecksum").asInt(-1)).isZero();
        assertThat(unknown.path("result").path("vouchedFor").asInt(-1)).isEqualTo(packs - 1);
        assertThat(unknown.path("result").path("withoutChecksum").asInt(-1)).isEqualTo(1);
        assertThat(structure.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(structure.path("result").path("vouchedFor").isNumber()).isFalse();
        assertThat(replaced.path("error").path("code").asText()).isEqualTo("repository-damaged");
        assertThat(replaced.path("error").path("message").asText())
                .contains(pack.key().substring(pack.key().lastIndexOf('/') + 1), "by the store's checksum");
    }

    @Test
    void damageFailsCheckAndDrillAndTheTenantsAlertsAreTold() {
        // given
        var alerts = "alerts-" + tenant.name() + "@example.org";
        assertThat(tenant.settings("{\"alerts\": [\"" + alerts + "\"]}").status())
                .isEqualTo(200);
        backup("vault", "notes.txt", "hello");
        objects("vault", "data/")
                .forEach(pack ->
                        S3.deleteObject(delete -> delete.bucket(house.name).key(pack.key())));

        // when
        var check = run("check", "\"readData\": \"none\"");
        var drill = run("drill", "\"snapshot\": \"latest\"");

        // then
        assertThat(check.path("state").asText()).isEqualTo("FAILED");
        assertThat(check.path("error").path("code").asText()).isEqualTo("repository-damaged");
        assertThat(check.path("error").path("message").asText()).contains("does not exist");
        assertThat(drill.path("error").path("code").asText()).isEqualTo("drill-failed");
        var shown = tenant.api().get("/v1/repositories/vault").body();
        assertThat(shown.path("lastCheck").path("errors").asInt()).isPositive();
        assertThat(shown.path("lastDrill").path("errors").asInt()).isPositive();
        var mails = house.mailbox.await(alerts, 2);
        assertThat(mails).allSatisfy(mail -> {
            assertThat(mail.path("tags").path("mail").asText()).isEqualTo("check-failed");
            assertThat(mail.path("subject").asText()).contains("vault");
        });
    }

    @Test
    void forgetKeepsWhatItsRulesWantAndTheCatalogueFollows() {
        // given
        backup("vault", "notes.txt", "one");
        backup("vault", "notes.txt", "two");
        var other = backup("vault", "other.txt", "other");
        var last = backup("vault", "notes.txt", "three");

        // when
        var dry = run("forget", "\"keepLast\": 1, \"dryRun\": true");
        var before = snapshots();
        var forgotten = run("forget", "\"keepLast\": 1");

        // then
        assertThat(before).hasSize(4);
        assertThat(dry.path("result")).isEqualTo(forgotten.path("result"));
        assertThat(forgotten.path("result").path("kept").asInt()).isEqualTo(2);
        assertThat(forgotten.path("result").path("removed").asInt()).isEqualTo(2);
        assertThat(snapshots()).containsExactlyInAnyOrder(other, last);
        assertThat(restic.json("snapshots").findValuesAsText("id")).containsExactlyInAnyOrder(other, last);
    }

    @Test
    void whatResticForgotLeavesTheCatalogueToo() {
        Restic.require();
        var first = backup("vault", "notes.txt", "one");
        var second = backup("vault", "notes.txt", "two");
        restic.run("forget", first);

        run("forget", "\"keepWithin\": \"P1D\"");

        assertThat(snapshots()).containsExactly(second);
    }

    @Test
    void forgetWithoutARuleIsRefused() {
        var answer = tenant.api().post("/v1/jobs", "{\"type\": \"forget\", \"payload\": {\"repository\": \"vault\"}}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/payload");
        assertThat(answer.body().path("errors").get(0).path("detail").asText()).contains("keepLast", "is required");
        for (var rule : List.of("\"keepLast\": 0", "\"keepWithin\": \"P0D\"", "\"keepWithin\": \"30 days\"")) {
            var wrong = tenant.api()
                    .post("/v1/jobs", "{\"type\": \"forget\", \"payload\": {\"repository\": \"vault\", " + rule + "}}");
            assertThat(wrong.status()).as(rule).isEqualTo(422);
            assertThat(wrong.pointers()).containsExactly("/payload/" + rule.substring(1, rule.indexOf('"', 1)));
        }
    }

    /** Real workers prune while real backups come in. */
    @Test
    void pruneBesideBackupsFreesSpaceAndLosesNothing() {
        Restic.require();
        // given
        backup("vault", "large.bin", content(1));
        backup("vault", "large.bin", content(2));
        assertThat(run("forget", "\"keepLast\": 1")
                        .path("result")
                        .path("removed")
                        .asInt())
                .isEqualTo(1);
        var before = bytes("vault");

        // when
        var dry = run("prune", "\"dryRun\": true");
        var backups = new ArrayList<String>();
        for (var i = 0; i < 3; i++) backups.add(tenant.api().submit(inline("vault", "beside-" + i, content(1))));
        var prune = tenant.api().submit(job("prune", ""));
        for (var i = 3; i < 6; i++) backups.add(tenant.api().submit(inline("vault", "beside-" + i, content(1))));
        var pruned = tenant.api().await(prune);

        // then
        assertThat(dry.path("result").path("bytesFreed").asInt()).isBetween(150_000, 160_000);
        assertThat(bytes("vault")).isNotEqualTo(before);
        assertThat(backups)
                .allSatisfy(
                        id -> assertThat(tenant.api().await(id).path("state").asText())
                                .isEqualTo("SUCCEEDED"));
        assertThat(pruned.path("state").asText()).as(pruned.toString()).isEqualTo("SUCCEEDED");
        assertThat(pruned.path("history").toString()).doesNotContain("RETRYING");
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        assertThat(restic.json("snapshots")).hasSize(7);
        assertThat(restic.run("list", "locks")).isBlank();
        assertThat(objects("vault", "x-fleet/prunes/")).isEmpty();
    }

    @Test
    void pruneOfAQuietRepositoryShowsTheSpaceThatIsFree() {
        Restic.require();
        // given
        backup("vault", "large.bin", content(1));
        backup("vault", "large.bin", content(2));
        run("forget", "\"keepLast\": 1");
        var before = bytes("vault");

        // when
        var pruned = run("prune", "");

        // then
        var freed = pruned.path("result").path("bytesFreed").asLong();
        assertThat(freed).as(pruned.toString()).isGreaterThan(150_000);
        assertThat(before - bytes("vault")).isBetween(freed - 2_000, freed + 2_000); // index files
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
    }

    @Test
    void mirrorOpensWithTheSamePasswordAndIsBroughtUpToDate() {
        Restic.require();
        // given
        var bucket = house.name + "-mirror-" + tenant.name();
        S3.createBucket(create -> create.bucket(bucket));
        var owner = new Tenant(house, "owner", house.api.as(house.key("owner", "jobs:write", "jobs:read", "admin")));
        var connection = "c-" + tenant.name();
        assertThat(owner.api()
                        .post("/v1/connections", """
                {"name": "%s", "endpoint": "%s", "bucket": "%s", "accessKey": "env:HOLDFAST_SECRET_OWNER_ACCESS",
                 "secretKey": "env:HOLDFAST_SECRET_OWNER_SECRET"}""".formatted(
                                        connection, Cloud.endpoints().s3(), bucket))
                        .status())
                .isEqualTo(201);
        var name = "r-" + tenant.name();
        var made = owner.api()
                .post("/v1/repositories", "{\"name\": \"" + name + "\"}")
                .body();
        owner.api().run(inline(name, "a.txt", "first"));
        var mirror = "{\"type\": \"mirror\", \"payload\": {\"repository\": \"%s\", \"to\": \"%s\"}}";

        // when
        var first = owner.api().run(mirror.formatted(name, connection));
        owner.api().run(inline(name, "a.txt", "second"));
        var second = owner.api().run(mirror.formatted(name, connection));

        // then
        assertThat(first.path("state").asText()).as(first.toString()).isEqualTo("SUCCEEDED");
        assertThat(second.path("result").path("objectsCopied").asInt()).isBetween(3, 4);
        var copy = new Restic(
                second.path("result").path("resticUrl").asText(),
                made.path("recoveryPassword").asText());
        assertThat(copy.json("snapshots")).hasSize(2);
        assertThat(copy.run("check", "--read-data")).contains("no errors were found");
        assertThat(copy.run("dump", "latest", "/a.txt")).isEqualTo("second");
        assertThat(copy.run("list", "locks")).isBlank();
        var nowhere = owner.api().run(mirror.formatted(name, "nowhere"));
        assertThat(nowhere.path("error").path("code").asText()).isEqualTo("connection-not-found");
    }

    /** 150 kB that do not compress, the same for the same number. */
    static byte[] content(int seed) {
        var bytes = new byte[150_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private JsonNode make(String name, String more) {
        var answer = tenant.api().post("/v1/repositories", "{\"name\": \"" + name + "\"" + more + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }

    private static Restic restic(JsonNode made) {
        return new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());
    }

    private String backup(String repository, String name, String content) {
        return backup(repository, name, content.getBytes(UTF_8));
    }

    private String backup(String repository, String name, byte[] content) {
        var ended = tenant.api().run(inline(repository, name, content));
        assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
        return ended.path("result").path("snapshotId").asText();
    }

    private static String inline(String repository, String name, String content) {
        return inline(repository, name, content.getBytes(UTF_8));
    }

    static String inline(String repository, String name, byte[] content) {
        return """
                {"type": "backup",
                 "payload": {"repository": "%s",
                             "source": {"kind": "inline", "name": "%s", "contentBase64": "%s"}}}""".formatted(repository, name, Base64.getEncoder().encodeToString(content));
    }

    private JsonNode run(String type, String fields) {
        return tenant.api().run(job(type, fields));
    }

    private static String job(String type, String fields) {
        return "{\"type\": \"%s\", \"payload\": {\"repository\": \"vault\"%s}}"
                .formatted(type, fields.isEmpty() ? "" : ", " + fields);
    }

    private List<String> snapshots() {
        return tenant.api()
                .get("/v1/repositories/vault/snapshots")
                .body()
                .path("items")
                .findValuesAsText("id");
    }

    private long bytes(String repository) {
        return objects(repository, "").stream()
                .filter(object -> !object.key().contains("/x-fleet/")) // logs of jobs
                .mapToLong(S3Object::size)
                .sum();
    }

    private List<S3Object> objects(String repository, String folder) {
        var prefix = "backups/%s/%s/%s".formatted(tenant.name(), repository, folder);
        return S3.listObjectsV2Paginator(list -> list.bucket(house.name).prefix(prefix)).contents().stream()
                .toList();
    }
}
