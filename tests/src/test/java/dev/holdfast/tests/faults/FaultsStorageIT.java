package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repositories.S3Storage;
import dev.holdfast.resources.BucketResource;
import dev.holdfast.restic.BackupRequest;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.Checker;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.StoredObject;
import dev.holdfast.tests.Cloud;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** F33: an S3 that answers 5xx, breaks connections, and forgets that it has stored something. */
class FaultsStorageIT {

    private static final int TRIES = 12;

    private final String bucket = "f33-" + ProcessHandle.current().pid();
    private final S3Client direct = Cloud.s3();
    private FaultProxy proxy;
    private S3Client s3;

    @BeforeEach
    void start() {
        new BucketResource(direct, bucket).provision();
        proxy = FaultProxy.start("storage", AwsService.S3, Cloud.endpoints().s3());
        s3 = through(proxy.url());
    }

    @AfterEach
    void stop() {
        s3.close();
        proxy.close();
        direct.close();
    }

    @Test
    void backupThroughAFailingStoreIsWholeAndEveryNameIsTheHashOfWhatIsStored() throws Exception {
        var storage = new S3Storage(s3, bucket, "failing");
        var repository = Repository.init(storage, "secret");
        proxy.arm(Rule.onAny().withChance(0.15, 1).then(new Fault.ServerError()));
        proxy.arm(Rule.onAny().withChance(0.1, 2).cutBefore());
        proxy.arm(Rule.onAny().withChance(0.1, 3).cutAfter());

        var made = BackupWriter.backup(
                repository, BackupRequest.of(source(), List.of("/made/up"), repository), Progress.silent());

        proxy.heal();
        assertThat(made.failures()).isEmpty();
        var whole = new S3Storage(direct, bucket, "failing");
        var report = Checker.check(
                Repository.open(whole, "secret"), new Checker.ReadData.Everything(), 1, Progress.silent());
        assertThat(report.errors()).isEmpty();
        assertThat(report.snapshots()).isEqualTo(1);
        for (var object : packs(whole)) {
            var bytes = whole.get(object.key(), 0, (int) object.sizeBytes());
            assertThat(object.key()).endsWith(Id.hashOf(bytes).toHex());
        }
    }

    @Test
    void objectThatIsThereIsNeverReplaced() throws Exception {
        var storage = new S3Storage(s3, bucket, "absent");
        var content = Content.of("first".getBytes(StandardCharsets.UTF_8));
        var other = Content.of("other".getBytes(StandardCharsets.UTF_8));

        assertThat(storage.putIfAbsent("config", content)).isTrue();
        assertThat(storage.putIfAbsent("config", other)).isFalse();

        assertThat(storage.get("config", 0, 100)).asString().isEqualTo("first");
        assertThat(storage.get("config", 2, 2)).asString().isEqualTo("rs");
        assertThat(storage.get("config", 5, 10)).isEmpty();
        assertThat(storage.size("config")).isEqualTo(5);
        assertThat(storage.size("nothing")).isEqualTo(-1);
    }

    private static List<StoredObject> packs(S3Storage storage) throws Exception {
        var packs = new ArrayList<StoredObject>();
        storage.list("data", packs::add);
        assertThat(packs).isNotEmpty();
        return packs;
    }

    private static SourceDirectory source() {
        var random = new Random(7);
        var files = new ArrayList<SourceEntry>();
        for (var i = 10; i < 40; i++) {
            var bytes = new byte[200_000];
            random.nextBytes(bytes);
            var attributes = Attributes.of(0644, Instant.EPOCH);
            files.add(new SourceFile(
                    ByteString.of("file-" + i), attributes, bytes.length, () -> new ByteArrayInputStream(bytes)));
        }
        return new SourceDirectory(ByteString.of("root"), Attributes.of(0755, Instant.EPOCH), files::iterator);
    }

    private static S3Client through(URI url) {
        var endpoints = Cloud.endpoints();
        return S3Client.builder()
                .endpointOverride(url)
                .forcePathStyle(true)
                .region(Region.of(endpoints.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(endpoints.accessKey(), endpoints.secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(TRIES)))
                .build();
    }
}
