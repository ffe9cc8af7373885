package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Glob;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Progress;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.restic.BackupRequest;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.PreparedBackup;
import dev.holdfast.restic.SnapshotTree;
import dev.holdfast.restic.WriterOptions;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.Sources.Found;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import dev.holdfast.worker.postgres.Databases;
import dev.holdfast.worker.tables.Tables;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores a source as a snapshot of a restic repository. */
@Singleton
public final class BackupHandler {

    private final Workplaces workplaces;
    private final Repositories repositories;
    private final BackupCatalogue catalogue;
    private final Sources sources;
    private final BucketBackup buckets;
    private final Databases databases;
    private final Tables tables;
    private final InstantSource clock;

    BackupHandler(
            Workplaces workplaces,
            Repositories repositories,
            BackupCatalogue catalogue,
            Sources sources,
            BucketBackup buckets,
            Databases databases,
            Tables tables,
            InstantSource clock) {
        this.workplaces = workplaces;
        this.repositories = repositories;
        this.catalogue = catalogue;
        this.sources = sources;
        this.buckets = buckets;
        this.databases = databases;
        this.tables = tables;
        this.clock = clock;
    }

    /** One worker's share of memory; see {@link BackupConfig#atOnce}. Asked of the machine that runs. */
    static WriterOptions options() {
        return WriterOptions.defaults().withQueueBytes(8 << 20);
    }

    /** Backs the payload's source up. */
    public Outcome handle(Run run, JobPayload.Backup backup) throws IOException, InterruptedException {
        for (var pattern : backup.exclude()) { // those of old jobs may be none
            var objection = Glob.objection(pattern);
            if (objection.isPresent()) {
                return new Rejected(
                        "exclude-invalid", "The pattern %s of exclude %s.".formatted(pattern, objection.get()));
            }
        }
        return workplaces.work(run, backup.repository(), workplace -> {
            var lock = workplace.lock();
            if (run.job().fence() > 1) lock.outlive(); // whether the runs before have left anything is not known yet
            var decided = catalogue.decided(run.job(), workplace);
            if (decided.isPresent()) return catalogue.finish(run, workplace, decided.get());
            if (run.job().phase().isEmpty()) lock.endWithRun();
            return begin(run, backup, workplace);
        });
    }

    /** Stores a part of a bucket for another job, whose backup it is. */
    public Outcome handle(Run run, JobPayload.BackupShard shard) throws IOException, InterruptedException {
        return buckets.store(run, shard);
    }

    private Outcome begin(Run run, JobPayload.Backup backup, Workplace workplace) throws IOException {
        if (backup.source() instanceof BackupSource.S3 bucket) {
            return buckets.backUp(run, backup, bucket, workplace);
        }
        var excludes = new Excludes(backup.exclude(), workplace.log());
        if (backup.source() instanceof BackupSource.Postgres database) {
            return databases.read(
                    run.job(),
                    database,
                    excludes::excludes,
                    folder -> store(run, backup, workplace, Sources.folder(folder), excludes));
        }
        if (backup.source() instanceof BackupSource.DynamoDb table) {
            return tables.read(
                    run.job(),
                    table,
                    workplace.keeping(run),
                    folder -> store(run, backup, workplace, Sources.folder(folder), excludes));
        }
        Sources.Before before = (paths, name) -> before(run, backup, workplace, paths, name);
        return store(run, backup, workplace, sources.find(run.job(), backup.source(), excludes, before), excludes);
    }

    private Outcome store(Run run, JobPayload.Backup backup, Workplace workplace, Found found, Excludes excludes)
            throws IOException {
        return switch (found) {
            case Found.Unusable(var code, var message) -> new Rejected(code, message);
            case Found.Later(var delay, var reason) -> new Postponed(delay, reason);
            case Found.Source source -> {
                try (var _ = source.open()) {
                    var parents = catalogue.parents(run.job(), backup, source.paths());
                    yield backup.parent().isPresent() && parents.size() != 1
                            ? noParent(backup)
                            : store(
                                    run,
                                    backup,
                                    workplace,
                                    source,
                                    parents.stream().findFirst(),
                                    excludes);
                }
            }
        };
    }

    private Optional<Node> before(
            Run run, JobPayload.Backup backup, Workplace workplace, List<String> paths, String name) {
        var parents = catalogue.parents(run.job(), backup, paths);
        if (parents.size() != 1 || !parents.getFirst().paths().equals(paths)) return Optional.empty();
        try {
            return SnapshotTree.open(workplace.repository())
                    .find(Id.parse(parents.getFirst().id()), NodePath.of(name));
        } catch (ResticException.Missing gone) {
            return Optional.empty();
        }
    }

    static Rejected noParent(JobPayload.Backup backup) {
        return new Rejected(
                "parent-not-found",
                "There is no one snapshot " + backup.parent().orElseThrow() + ".");
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
        } catch (WebFiles.TooLargeException tooLarge) {
            return new Rejected("source-too-large", String.valueOf(tooLarge.getMessage()));
        }
        if (source.whole() && prepared.failureCount() > 0) {
            throw new IOException("not read: " + prepared.failures().getFirst());
        }
        for (var failure : prepared.failures()) excludes.skip(failure.path(), failure.reason());
        if (prepared.failureCount() > 0) {
            var first = prepared.failures().getFirst();
            var nothing = prepared.summary().totalFilesProcessed() == 0;
            if (nothing || backup.mustBeWhole()) {
                var what = nothing ? "Nothing" : "Not all";
                return new Rejected("source-unreadable", what + " can be read: " + first + ".");
            }
            prepared = prepared.tagged(BucketEnd.PARTIAL_TAG);
        }
        workplace.lock().outlive();
        var took = Duration.between(started, clock.instant());
        var sealed = catalogue.seal(run.job(), workplace, parent.map(Snapshot::id), prepared, excludes.skipped(), took);
        run.ensureMine();
        return catalogue.finish(run, workplace, sealed);
    }

    /** A parent that somebody has removed since is no parent. */
    private PreparedBackup prepare(
            Run run, JobPayload.Backup backup, Workplace workplace, Found.Source source, Optional<Snapshot> parent) {
        try {
            return BackupWriter.prepare(
                    workplace.repository(),
                    request(run, backup, source, parent),
                    progress(run, workplace, source),
                    (root, trees) -> catalogue.keep(run, workplace, root, trees));
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
                options());
    }

    private static dev.holdfast.restic.Progress progress(Run run, Workplace workplace, Found.Source source) {
        return new dev.holdfast.restic.Progress((files, bytes, current) -> {
            run.ensureMine();
            workplace.lock().keep();
            run.report(new Progress(bytes, source.sizeBytes(), "bytes", "storing " + current));
        });
    }
}
