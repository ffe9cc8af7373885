package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobResult.BackedUp.Skipped;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.repositories.SealedBackup;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.PreparedBackup;
import dev.holdfast.restic.SealedSnapshot;
import dev.holdfast.restic.Trees;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The beginning and the end of every backup: what to compare with, and the one snapshot that comes of it. That is
 * sealed once and kept in the catalogue before it is stored, so that a run that repeats the end of another one stores
 * the same object again.
 */
@Singleton
final class BackupCatalogue {

    private final SnapshotTable snapshots;
    private final Browsing browsing;
    private final JobTable jobs;
    private final InstantSource clock;

    BackupCatalogue(SnapshotTable snapshots, Browsing browsing, JobTable jobs, InstantSource clock) {
        this.snapshots = snapshots;
        this.browsing = browsing;
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * How the job's backup ends, if that has been decided. A job that has failed since had no lock then: what its
     * snapshot would refer to may have been pruned, so that it is to be decided anew, unless the snapshot is there.
     */
    Optional<SealedBackup> decided(Job job, Workplace at) {
        var sealed = snapshots.sealed(job.id());
        if (sealed.isEmpty() || !hasFailedBefore(job) || isStored(sealed.get(), at)) return sealed;
        snapshots.unseal(jobs.stillMine(job), job.id());
        return Optional.empty();
    }

    private static boolean hasFailedBefore(Job job) {
        return job.history().stream().anyMatch(entry -> entry.state() == JobState.FAILED);
    }

    private static boolean isStored(SealedBackup sealed, Workplace at) {
        return at.repository().snapshotIds().contains(Id.parse(sealed.snapshot().id()));
    }

    /** The snapshots to compare with: those that were named, else the latest of the same source, if any. */
    List<Snapshot> parents(Job job, JobPayload.Backup backup, List<String> paths) {
        if (backup.parent().isPresent()) {
            return snapshots.matching(
                    job.tenant(), backup.repository(), backup.parent().get());
        }
        return snapshots.list(job.tenant(), backup.repository(), Integer.MAX_VALUE).stream()
                .filter(snapshot -> snapshot.paths().equals(paths))
                .limit(1)
                .toList();
    }

    /** Makes what is to be in the snapshot ready for browsing, by one who can read it without opening it again. */
    void keep(Run run, Workplace at, Id root, Trees trees) {
        browsing.keep(run, at, run.job().id(), List.of(root), trees);
    }

    /** Decides how the job's backup ends: so, or as was decided before. */
    SealedBackup seal(
            Job job,
            Workplace workplace,
            Optional<String> parent,
            PreparedBackup prepared,
            List<Skipped> skipped,
            Duration took) {
        var sealed = workplace.repository().seal(prepared.snapshot());
        var summary = prepared.summary();
        var added = prepared.added();
        var snapshot = new Snapshot(
                sealed.id().toHex(),
                prepared.snapshot().time().toInstant(),
                job.id().toString(),
                prepared.snapshot().paths(),
                prepared.snapshot().tags(),
                parent,
                summary.totalFilesProcessed(),
                summary.totalBytesProcessed(),
                added.dataBytes(),
                added.storedBytes(),
                Optional.of(prepared.snapshot().tree().toHex()));
        var result = new JobResult.BackedUp(
                snapshot.id(),
                summary.filesNew(),
                summary.filesChanged(),
                summary.filesUnmodified(),
                summary.totalBytesProcessed(),
                added.dataBytes(),
                added.storedBytes(),
                took.toMillis() / 1000.0,
                skipped);
        workplace.log().info("snapshot sealed", Map.of("snapshot", snapshot.id(), "files", snapshot.files()));
        var bytes = Base64.getEncoder().encodeToString(sealed.sealed().toByteArray());
        return snapshots.seal(
                jobs.stillMine(job), job.id(), new SealedBackup(bytes, snapshot, result), clock.instant());
    }

    /** Done as often as it is repeated, this makes one snapshot. */
    Outcome finish(Run run, Workplace workplace, SealedBackup backup) {
        var job = run.job();
        var bytes = ByteString.of(Base64.getDecoder().decode(backup.sealed()));
        var sealed = new SealedSnapshot(Id.parse(backup.snapshot().id()), bytes);
        workplace.repository().store(sealed);
        workplace
                .log()
                .info("snapshot stored", Map.of("snapshot", backup.snapshot().id()));
        var trees = Trees.of(workplace.repository());
        backup.snapshot().tree().ifPresent(root -> keep(run, workplace, Id.parse(root), trees));
        snapshots.add(jobs.stillMine(job), job.tenant(), workplace.stored().name(), backup.snapshot());
        return new Succeeded(backup.result());
    }
}
