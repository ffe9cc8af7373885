package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.SealedBackup;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.SealedSnapshot;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobControl;
import dev.holdfast.table.JobTableConfig;
import dev.holdfast.testing.Workplace;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.RepositoryParts;
import dev.holdfast.tests.Settings;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How a backup ends whose end has been decided before, by a run that did not come to it. */
class BackupCatalogueIT {

    private static final Workplace AT = Workplace.at(Cloud.forFaults());

    private final Random random = new Random();
    private final String name = "home-" + random.nextInt(1_000_000);
    private final BucketParts parts;
    private final Workplaces.Workplace workplace;
    private Job run;

    BackupCatalogueIT() {
        var table = AT.tables().catalog();
        var repositories = RepositoryParts.repositories(
                AT.dynamo(), table, AT.s3(), AT.resources().bucket(), AT.clock());
        repositories.create(Workplace.TENANT, name, Optional.empty(), name, "secret");
        var stored = repositories.find(Workplace.TENANT, name).orElseThrow();
        var locks = FleetLocks.of(AT.dynamo(), table, AT.jobs(), repositories, AT.clock(), Duration.ZERO);
        parts = new BucketParts(AT, repositories, locks);
        run = submittedAndClaimed();
        var repository = repositories.open(stored);
        workplace = new Workplaces.Workplace(
                stored, repository, locks.hold(run, name, repository), new JobLog(run, AT.clock()));
    }

    @AfterAll
    static void close() {
        AT.close();
    }

    @Test
    void runThatTakesOverEndsAsWasDecidedThoughNothingIsStored() {
        var decided = decide();

        assertThat(parts.catalogue().decided(run, workplace)).contains(decided);
    }

    /** Its lock was free meanwhile, so that a prune may have deleted what the snapshot would refer to. */
    @Test
    void jobThatFailedBeforeItsSnapshotWasStoredDecidesAnew() {
        var lost = decide();
        failAndRetry();

        assertThat(parts.catalogue().decided(run, workplace)).isEmpty();
        assertThat(decide().snapshot().id()).isNotEqualTo(lost.snapshot().id());
    }

    @Test
    void jobThatFailedAfterItsSnapshotWasStoredMakesNoSecond() {
        var decided = decide();
        store(decided);
        failAndRetry();

        assertThat(parts.catalogue().decided(run, workplace)).contains(decided);
    }

    private Job submittedAndClaimed() {
        var payload = new JobPayload.Backup(
                name, new BackupSource.Inline("a", "YQ=="), List.of(), List.of(), Optional.empty(), Optional.empty());
        var spec = new JobSpec(payload, Notify.NOBODY, Optional.empty(), Optional.empty(), 3, Map.of());
        var now = AT.clock().instant();
        var job = Job.accepted(JobId.timeOrdered(now, random), Workplace.TENANT, spec, "x", "", now);
        AT.jobs().submit(job);
        return claimed(job.id());
    }

    private Job claimed(JobId id) {
        return ((Claim.Won) AT.jobs().claim(id)).job();
    }

    private void failAndRetry() {
        assertThat(AT.jobs().fail(run, new JobError("storage", "It is gone.", true, 1)))
                .isPresent();
        var keeping = Settings.of(Map.of(), JobTableConfig.class).getConfigMapping(JobTableConfig.class);
        new JobControl(AT.dynamo(), AT.tables().jobs(), keeping, AT.clock(), random).retry(run.id());
        run = claimed(run.id());
    }

    /** Stores all but the snapshot. */
    private SealedBackup decide() {
        var request = RepositoryParts.oneFile("a", new byte[] {'a'});
        var prepared = BackupWriter.prepare(workplace.repository(), request, Progress.silent());
        return parts.catalogue().seal(run, workplace, Optional.empty(), prepared, List.of(), Duration.ofSeconds(1));
    }

    private void store(SealedBackup decided) {
        var bytes = ByteString.of(Base64.getDecoder().decode(decided.sealed()));
        workplace
                .repository()
                .store(new SealedSnapshot(Id.parse(decided.snapshot().id()), bytes));
    }
}
