package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.catalog.Uploads;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload.Backup;
import dev.holdfast.job.JobState;
import dev.holdfast.run.JobHandler;
import dev.holdfast.testing.HandlerFaults;
import dev.holdfast.testing.Subject;
import dev.holdfast.testing.Workplace;
import dev.holdfast.tests.Cloud;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** In the package of the handler, whose constructor is for its package only. */
class BackupFaultsIT {

    private static final String REPOSITORY = "home";

    private final AtomicInteger number = new AtomicInteger();

    /** Keys do not tell their job: a new one belongs to the job after which it is first seen. */
    private final Map<String, JobId> owners = new HashMap<>();

    @Test
    void effectsOfABackupStaySingle() throws Exception {
        try (var workplace = Workplace.at(Cloud.forFaults());
                var presigner = S3Presigner.builder().region(Region.US_EAST_1).build()) {
            catalog(workplace)
                    .addRepository(
                            Workplace.TENANT, REPOSITORY, workplace.clock().instant());
            var subject = new Subject(at -> handler(at, presigner), this::payload, job -> effects(workplace, job));

            var report = HandlerFaults.run(workplace, subject);

            System.out.println(report);
            report.assertSingle();
            assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(report.calls()).contains("S3.PutObject", "DynamoDb.TransactWriteItems");
            assertThat(report.effects()).hasSize(2); // the content, the snapshot
        }
    }

    private static JobHandler handler(Workplace at, S3Presigner presigner) {
        var store = new ObjectStore(at.s3(), presigner, at.resources());
        var sources = new Sources(new Uploads(at.dynamo(), at.tables().catalog()), at.s3(), at.resources());
        var handler = new BackupHandler(catalog(at), sources, store, at.jobs(), at.clock());
        return run -> handler.handle(run, (Backup) run.job().spec().payload());
    }

    private Backup payload() {
        var content = "content " + number.incrementAndGet();
        var source = new BackupSource.Inline(
                "notes.txt", Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)));
        return new Backup(REPOSITORY, source, List.of(), List.of(), Optional.empty());
    }

    private static Catalog catalog(Workplace at) {
        return new Catalog(at.dynamo(), at.tables().catalog());
    }

    private List<String> effects(Workplace at, Job job) {
        var snapshots = catalog(at).snapshots(job.tenant(), REPOSITORY, Integer.MAX_VALUE).stream()
                .filter(snapshot -> snapshot.job().equals(job.id().toString()))
                .map(Object::toString);
        return Stream.concat(snapshots, objects(at, job)).toList();
    }

    private Stream<String> objects(Workplace at, Job job) {
        return at
                .s3()
                .listObjectsV2Paginator(
                        list -> list.bucket(at.resources().bucket()).prefix("backups/"))
                .contents()
                .stream()
                .filter(object -> job.id().equals(owners.computeIfAbsent(object.key(), fresh -> job.id())))
                .map(object -> object.key() + " " + object.eTag());
    }
}
