package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.Progress;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.SealedBackup;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.BackupRequest;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.PreparedBackup;
import dev.holdfast.restic.SealedSnapshot;
import dev.holdfast.restic.WriterOptions;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Sources.Found;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Stores a source as a snapshot of a restic repository. The snapshot is sealed once and kept in the catalogue before it
 * is stored, so that a run that repeats the end of another one stores the same object again.
 */
@Singleton
public final class BackupHandler {

    private final Workplaces workplaces;
    private final Repositories repositories;
    private final SnapshotTable snapshots;
    private final Sources sources;
    private final JobTable jobs;
    private final InstantSource clock;

    /**
     * One worker's share of memory; see {@link BackupConfig#atOnce}. Not static: it counts this machine's processors.
     */
    private final WriterOptions options = WriterOptions.defaults().withQueueBytes(8 << 20);

    BackupHandler(
            Workplaces workplaces,
            Repositories repositories,
            SnapshotTable snapshots,
            Sources sources,
            JobTable jobs,
            InstantSource clock) {
        this.workplaces = workplaces;
        this.repositories = repositories;
        this.snapshots = snapshots;
        this.sources = sources;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Backs the payload's source up. */
    public Outcome handle(Run run, JobPayload.Backup backup) throws IOException {
        return workplaces.work(run, backup.repository(), workplace -> {
            var decided = snapshots.sealed(run.job().id());
            if (decided.isEmpty()) return begin(run, backup, workplace);
            workplace.lock().outlive();
            return finish(run, workplace, decided.get());
        });
    }

    private Outcome begin(Run run, JobPayload.Backup backup, Workplace workplace) throws IOException {
        var excludes = new Excludes(backup.exclude());
        return switch (sources.find(run.job(), backup.source(), excludes)) {
            case Found.Unusable(var code, var message) -> new Rejected(code, message);
            case Found.Source source -> {
                var parents = parents(run.job(), backup, source);
                yield backup.parent().isPresent() && parents.size() != 1
                        ? new Rejected(
                                "parent-not-found",
                                "There is no one snapshot " + backup.parent().get() + ".")
                        : store(run, backup, workplace, source, parents.stream().findFirst(), excludes);
            }
        };
    }

    /** The snapshot to compare with: the one that was named, else the latest of the same source, if any. */
    private List<Snapshot> parents(Job job, JobPayload.Backup backup, Found.Source source) {
        if (backup.parent().isPresent()) {
            return snapshots.matching(
                    job.tenant(), backup.repository(), backup.parent().get());
        }
        return snapshots.list(job.tenant(), backup.repository(), Integer.MAX_VALUE).stream()
                .filter(snapshot -> snapshot.paths().equals(source.paths()))
                .limit(1)
                .toList();
    }

    private Outcome store(
            Run run,
            JobPayload.Backup backup,
            Workplace workplace,
            Found.Source source,
            Optional<Snapshot> parent,
            Excludes excludes)
            throws IOException {
        var started = clock.instant();
        PreparedBackup prepared;
        try {
            prepared = prepare(run, backup, workplace, source, parent);
        } catch (AnnouncedContent.OtherContentException other) {
            return new Rejected("checksum-mismatch", String.valueOf(other.getMessage()));
        }
        if (source.whole() && prepared.failureCount() > 0) {
            throw new IOException("not read: " + prepared.failures().getFirst());
        }
        for (var failure : prepared.failures()) excludes.skip(failure, "unreadable");
        workplace.lock().outlive();
        var sealed = seal(run.job(), workplace, parent, prepared, excludes, Duration.between(started, clock.instant()));
        run.ensureMine();
        return finish(run, workplace, sealed);
    }

    /** A parent that somebody has removed since is no parent. */
    private PreparedBackup prepare(
            Run run, JobPayload.Backup backup, Workplace workplace, Found.Source source, Optional<Snapshot> parent) {
        try {
            return BackupWriter.prepare(
                    workplace.repository(), request(run, backup, source, parent), progress(run, workplace, source));
        } catch (ResticException.Missing gone) {
            if (parent.isEmpty()) throw gone;
            return prepare(run, backup, workplace, source, Optional.empty());
        }
    }

    private BackupRequest request(Run run, JobPayload.Backup backup, Found.Source source, Optional<Snapshot> parent) {
        var tags = new ArrayList<>(backup.tags());
        tags.add("job:" + run.job().id());
        return new BackupRequest(
                source.root(),
                source.paths(),
                repositories.hostname(),
                tags,
                parent.map(snapshot -> Id.parse(snapshot.id())),
                false,
                options);
    }

    private static dev.holdfast.restic.Progress progress(Run run, Workplace workplace, Found.Source source) {
        return new dev.holdfast.restic.Progress((files, bytes, current) -> {
            run.ensureMine();
            workplace.lock().keep();
            run.report(new Progress(bytes, source.sizeBytes(), "bytes", "storing " + current));
        });
    }

    private SealedBackup seal(
            Job job,
            Workplace workplace,
            Optional<Snapshot> parent,
            PreparedBackup prepared,
            Excludes excludes,
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
                parent.map(Snapshot::id),
                summary.totalFilesProcessed(),
                summary.totalBytesProcessed(),
                added.dataBytes(),
                added.storedBytes());
        var result = new JobResult.BackedUp(
                snapshot.id(),
                summary.filesNew(),
                summary.filesChanged(),
                summary.filesUnmodified(),
                summary.totalBytesProcessed(),
                added.dataBytes(),
                added.storedBytes(),
                took.toMillis() / 1000.0,
                excludes.skipped());
        var bytes = Base64.getEncoder().encodeToString(sealed.sealed().toByteArray());
        return snapshots.seal(
                jobs.stillMine(job), job.id(), new SealedBackup(bytes, snapshot, result), clock.instant());
    }

    /** Done as often as it is repeated, this makes one snapshot. */
    private Outcome finish(Run run, Workplace workplace, SealedBackup backup) {
        var job = run.job();
        var bytes = ByteString.of(Base64.getDecoder().decode(backup.sealed()));
        var sealed = new SealedSnapshot(Id.parse(backup.snapshot().id()), bytes);
        workplace.repository().store(sealed);
        snapshots.add(jobs.stillMine(job), job.tenant(), workplace.stored().name(), backup.snapshot());
        return new Succeeded(backup.result());
    }
}
