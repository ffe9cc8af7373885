package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.repositories.CheckRecord;
import dev.holdfast.repositories.CheckTable;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.Drill;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Restores files at random into a temporary folder, and compares them with what was backed up. One that did not come
 * back as it was fails the job, and is told to the tenant's alerts; so does a repository without a snapshot.
 */
@Singleton
public final class DrillHandler {

    private static final int FILES = 20;

    private final Workplaces workplaces;
    private final SnapshotTable snapshots;
    private final CheckTable checks;
    private final JobTable jobs;
    private final InstantSource clock;
    private final RandomGenerator random;

    DrillHandler(
            Workplaces workplaces,
            SnapshotTable snapshots,
            CheckTable checks,
            JobTable jobs,
            InstantSource clock,
            RandomGenerator random) {
        this.workplaces = workplaces;
        this.snapshots = snapshots;
        this.checks = checks;
        this.jobs = jobs;
        this.clock = clock;
        this.random = random;
    }

    /** Tries the payload's snapshot. */
    public Outcome handle(Run run, JobPayload.Drill drill) throws IOException, InterruptedException {
        var wanted = drill.snapshot().orElse("latest");
        return workplaces.work(run, drill.repository(), workplace -> {
            var matching = snapshots.matching(run.job().tenant(), drill.repository(), wanted);
            if (matching.size() > 1) {
                return new Rejected("snapshot-ambiguous", "Several snapshots begin with " + wanted + ".");
            }
            if (matching.isEmpty()) return new Rejected("snapshot-not-found", "There is no snapshot " + wanted + ".");
            return drill(run, drill, workplace, matching.getFirst());
        });
    }

    private Outcome drill(Run run, JobPayload.Drill drill, Workplace workplace, Snapshot snapshot) throws IOException {
        var report = restore(run, workplace, snapshot, drill.files().orElse(FILES));
        var ended = new CheckRecord(
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                run.job().id().toString(),
                snapshot.id(),
                report.errors().size());
        checks.note(jobs.stillMine(run.job()), run.job().tenant(), drill.repository(), CheckTable.Kind.DRILL, ended);
        report.errors().forEach(error -> workplace.log().warn("fault", Map.of("what", error)));
        return report.errors().isEmpty()
                ? new Succeeded(new JobResult.Drilled(snapshot.id(), report.files(), report.bytes()))
                : new Rejected(
                        "drill-failed",
                        "Snapshot %s does not come back as it was backed up: %d faults, such as: %s"
                                .formatted(
                                        snapshot.id().substring(0, 8),
                                        report.errors().size(),
                                        report.errors().getFirst()));
    }

    private Drill.Report restore(Run run, Workplace workplace, Snapshot snapshot, int files) throws IOException {
        var scratch = Files.createTempDirectory("holdfast-drill-");
        try {
            return Drill.run(
                    workplace.repository(),
                    Id.parse(snapshot.id()),
                    files,
                    scratch,
                    random,
                    workplace.progress(run, "bytes", "restoring"),
                    workplace.keeping(run));
        } catch (ResticException.Missing | ResticException.Damaged gone) {
            return new Drill.Report(0, 0, List.of(String.valueOf(gone.getMessage())));
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }
}
