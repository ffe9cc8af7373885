package dev.holdfast.worker.backup;

import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.StoredSnapshot;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.SnapshotSummary;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/**
 * Brings the catalogue in line with the snapshots that are in a repository: with what somebody stored or removed by
 * restic, or all of it when the catalogue was lost.
 */
@Singleton
final class CatalogueSync {

    private static final String JOB = "job:";

    private final SnapshotTable snapshots;
    private final JobTable jobs;

    CatalogueSync(SnapshotTable snapshots, JobTable jobs) {
        this.snapshots = snapshots;
        this.jobs = jobs;
    }

    /** Does so while the job is still the run's. */
    void bringInLine(Run run, Workplace workplace) {
        var job = run.job();
        var name = workplace.stored().name();
        // in this order: what the catalogue has was stored before
        var known = snapshots.list(job.tenant(), name, Integer.MAX_VALUE);
        var stored = workplace.repository().snapshotIds();
        var gone = known.stream()
                .filter(snapshot -> !stored.contains(Id.parse(snapshot.id())))
                .toList();
        snapshots.remove(jobs.stillMine(job), job.tenant(), name, gone);
        var ids = known.stream().map(Snapshot::id).collect(Collectors.toSet());
        for (var id : stored) {
            if (ids.contains(id.toHex())) continue;
            workplace.keeping(run).run();
            try {
                var found = of(workplace.repository().snapshot(id));
                snapshots.addIfAbsent(jobs.stillMine(job), job.tenant(), name, found);
            } catch (ResticException.Missing forgotten) {
                // since it was listed
            }
        }
    }

    /** What a snapshot tells of itself; sizes are 0 where an older restic has made it. */
    static Snapshot of(StoredSnapshot stored) {
        var snapshot = stored.snapshot();
        var summary = snapshot.summary();
        return new Snapshot(
                stored.id().toHex(),
                snapshot.time().toInstant(),
                snapshot.tags().stream()
                        .filter(tag -> tag.startsWith(JOB))
                        .map(tag -> tag.substring(JOB.length()))
                        .findFirst()
                        .orElse(""),
                snapshot.paths(),
                snapshot.tags(),
                snapshot.parent().map(Id::toHex),
                summary.map(SnapshotSummary::totalFilesProcessed).orElse(0L),
                summary.map(SnapshotSummary::totalBytesProcessed).orElse(0L),
                summary.map(SnapshotSummary::dataAdded).orElse(0L),
                summary.map(SnapshotSummary::dataAddedPacked).orElse(0L));
    }
}
