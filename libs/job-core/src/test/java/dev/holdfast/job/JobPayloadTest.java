package dev.holdfast.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobPayloadTest {

    /** One of each kind; a stored payload of an older release reads like this. */
    private static final Map<JobPayload, String> STORED = Map.ofEntries(
            Map.entry(new JobPayload.Registration("ada", "ada@example.org", Map.of("plan", "pro")), """
            {"username":"ada","email":"ada@example.org","attributes":{"plan":"pro"}}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.Upload("0190a8a4-0000-7000-8000-000000000000"),
                            List.of("nightly"),
                            List.of("*.tmp"),
                            Optional.of("latest"),
                            Optional.of(OnUnreadable.FAIL)),
                    """
            {"repository":"default","source":{"kind":"upload","uploadId":"0190a8a4-0000-7000-8000-000000000000"},\
            "tags":["nightly"],"exclude":["*.tmp"],"parent":"latest","onUnreadable":"fail"}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.Inline("a.txt", "YQ=="),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()),
                    """
            {"repository":"default","source":{"kind":"inline","name":"a.txt","contentBase64":"YQ=="}}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.S3("photos", Optional.of("2026/"), Optional.of("minio")),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()),
                    """
            {"repository":"default","source":{"kind":"s3","bucket":"photos","prefix":"2026/","connection":"minio"}}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.Http("https://example.org/a?b=c"),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()),
                    """
            {"repository":"default","source":{"kind":"http","url":"https://example.org/a?b=c"}}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.Path("/mnt/shares/a"),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()),
                    """
            {"repository":"default","source":{"kind":"path","path":"/mnt/shares/a"}}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.Postgres("shop"),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()),
                    """
            {"repository":"default","source":{"kind":"postgres","connection":"shop"}}"""),
            Map.entry(
                    new JobPayload.Backup(
                            "default",
                            new BackupSource.DynamoDb("orders"),
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()),
                    """
            {"repository":"default","source":{"kind":"dynamodb","table":"orders"}}"""),
            Map.entry(
                    new JobPayload.BackupShard(
                            "0190a8a4-0000-7000-8000-000000000000",
                            1,
                            "default",
                            new BackupSource.S3("photos", Optional.empty(), Optional.empty()),
                            List.of("*.tmp"),
                            Optional.of("0123abcd"),
                            "a",
                            Optional.of("b"),
                            Optional.of(new JobPayload.BackupShard.Piece("0f", 10, 1795651200, 0, 5))),
                    """
            {"root":"0190a8a4-0000-7000-8000-000000000000","plan":1,"repository":"default",\
            "source":{"kind":"s3","bucket":"photos"},\
            "exclude":["*.tmp"],"parent":"0123abcd","after":"a","last":"b",\
            "piece":{"etag":"0f","sizeBytes":10,"modified":1795651200,"from":0,"to":5}}"""),
            Map.entry(
                    new JobPayload.Restore("default", "latest", Optional.of("a.txt"), new RestoreTarget.Download()),
                    """
            {"repository":"default","snapshot":"latest","path":"a.txt","target":{"kind":"download"}}"""),
            Map.entry(
                    new JobPayload.RestoreShard(
                            "0190a8a4-0000-7000-8000-000000000000",
                            "default",
                            "0a".repeat(32),
                            Optional.of("a"),
                            new RestoreTarget.S3("photos", "back/", Optional.empty()),
                            List.of(3, 0),
                            List.of()),
                    """
            {"root":"0190a8a4-0000-7000-8000-000000000000","repository":"default",\
            "tree":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","path":"a",\
            "target":{"kind":"s3","bucket":"photos","prefix":"back/"},"from":[3,0]}"""),
            Map.entry(new JobPayload.Check("default", ReadData.CHECKSUMS), """
            {"repository":"default","readData":"checksums"}"""),
            Map.entry(new JobPayload.Check("default", ReadData.SAMPLE), """
            {"repository":"default","readData":"sample"}"""),
            Map.entry(
                    new JobPayload.Forget(
                            "default",
                            Optional.of(3),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of("P1Y6M"),
                            List.of(),
                            Optional.of(true)),
                    """
            {"repository":"default","keepLast":3,"keepWithin":"P1Y6M","dryRun":true}"""),
            Map.entry(new JobPayload.Prune("default", Optional.empty()), """
            {"repository":"default"}"""),
            Map.entry(new JobPayload.Mirror("default", "second"), """
            {"repository":"default","to":"second"}"""),
            Map.entry(new JobPayload.Drill("default", Optional.empty(), Optional.of(10)), """
            {"repository":"default","files":10}"""));

    @Test
    void everyKindOfPayloadHasAType() {
        var payloads = Arrays.stream(JobType.values()).map(JobType::payload).toList();

        assertThat(payloads.toArray()).containsExactlyInAnyOrder((Object[]) JobPayload.class.getPermittedSubclasses());
        assertThat(STORED.keySet().stream().map(JobPayload::type)).contains(JobType.values());
    }

    @Test
    void storedPayloadsAreReadAsTheyWereMeant() {
        STORED.forEach((payload, json) ->
                assertThat(Json.read(json, payload.type().payload())).isEqualTo(payload));
    }

    @Test
    void payloadSurvivesTheTable() {
        for (var payload : STORED.keySet()) {
            assertThat(Json.read(Json.write(payload), payload.type().payload())).isEqualTo(payload);
        }
    }

    @Test
    void storedPatternThatIsNoneIsRead() {
        var stored = """
                {"repository":"default","source":{"kind":"postgres","connection":"shop"},"exclude":["["]}""";

        assertThat(Json.read(stored, JobPayload.Backup.class).exclude()).containsExactly("[");
    }

    @Test
    void forgetWithoutARuleIsRefused() {
        assertThatThrownBy(() -> Json.read("{\"repository\":\"default\",\"dryRun\":true}", JobPayload.Forget.class))
                .hasMessageContaining("keepLast", "keepWithin");
    }

    @Test
    void typeIsFoundByItsWireName() {
        for (var type : JobType.values())
            assertThat(JobType.named(type.wireName())).contains(type);
        assertThat(JobType.named("nope")).isEmpty();
    }
}
