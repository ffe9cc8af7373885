package dev.holdfast.worker.backup;

import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.StoredSnapshot;
import dev.holdfast.restic.Trees;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.SnapshotSummary;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings the catalogue in line with the snapshots that are in a repository: with what somebody stored or removed by
 * restic, or all of it when the catalogue was lost. Of snapshots that it did not know it keeps the directories too.
 */
@Singleton
final class CatalogueSync {

    private static final String JOB = "job:";

    private final SnapshotTable snapshots;
    private final Browsing browsing;
    private final JobTable jobs;

    CatalogueSync(SnapshotTable snapshots, Browsing browsing, JobTable jobs) {
        this.snapshots = snapshots;
        this.browsing = browsing;
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
        var byId = known.stream().collect(Collectors.toMap(Snapshot::id, Function.identity()));
        var trees = Trees.of(workplace.repository());
        for (var id : stored) {
            var before = Optional.ofNullable(byId.get(id.toHex()));
            if (before.flatMap(Snapshot::tree).isPresent()) continue;
            workplace.keeping(run).run();
            try {
                var found = workplace.repository().snapshot(id);
                var root = found.snapshot().tree();
                browsing.keep(run, workplace, job.id(), List.of(root), trees);
                if (before.isPresent()) {
                    snapshots.add(
                            jobs.stillMine(job),
                            job.tenant(),
                            name,
                            before.get().withTree(root.toHex()));
                } else {
                    snapshots.addIfAbsent(jobs.stillMine(job), job.tenant(), name, of(found));
                }
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
                summary.map(SnapshotSummary::dataAddedPacked).orElse(0L),
                Optional.of(snapshot.tree().toHex()));
    }
}
