package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.Progress;
import dev.holdfast.job.RestoreTarget;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.RestoreResult;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.restic.Restorer;
import dev.holdfast.restic.Selection;
import dev.holdfast.restic.SnapshotTree;
import dev.holdfast.restic.TreeRange;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.format.SnapshotSummary;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a snapshot back, whole or in part. */
@Singleton
public final class RestoreHandler {

    private static final int READERS = 4;

    private final Workplaces workplaces;
    private final SnapshotTable snapshots;
    private final Downloads downloads;
    private final RestoreParts parts;
    private final FolderRestores folders;

    RestoreHandler(
            Workplaces workplaces,
            SnapshotTable snapshots,
            Downloads downloads,
            RestoreParts parts,
            FolderRestores folders) {
        this.parts = parts;
        this.folders = folders;
        this.workplaces = workplaces;
        this.snapshots = snapshots;
        this.downloads = downloads;
    }

    /** Restores the payload's snapshot. */
    public Outcome handle(Run run, JobPayload.Restore restore) throws IOException, InterruptedException {
        return workplaces.work(run, restore.repository(), workplace -> {
            if (!run.job().phase().isEmpty()) return parts.sum(run);
            var matching = snapshots.matching(run.job().tenant(), restore.repository(), restore.snapshot());
            if (matching.size() > 1) {
                return new Rejected("snapshot-ambiguous", "Several snapshots begin with " + restore.snapshot() + ".");
            }
            if (matching.isEmpty()) return notFound(restore);
            return restore(run, restore, workplace, Id.parse(matching.getFirst().id()));
        });
    }

    /** Restores a part for another job, whose restore it is. */
    public Outcome handle(Run run, JobPayload.RestoreShard shard) throws IOException, InterruptedException {
        return parts.restore(run, shard);
    }

    private static Rejected notFound(JobPayload.Restore restore) {
        return new Rejected("snapshot-not-found", "There is no snapshot " + restore.snapshot() + ".");
    }

    private Outcome restore(Run run, JobPayload.Restore restore, Workplace workplace, Id id) throws IOException {
        var trees = SnapshotTree.open(workplace.repository());
        Snapshot snapshot;
        Optional<Wanted> wanted;
        try {
            snapshot = workplace.repository().snapshot(id).snapshot();
            wanted = wanted(trees, id, snapshot.tree(), restore.path());
        } catch (ResticException.Missing gone) {
            return notFound(restore); // forgotten by restic, and still in the catalogue
        }
        if (wanted.isEmpty()) return new Rejected("path-not-found", "The snapshot has no such path.");
        return switch (restore.target()) {
            case RestoreTarget.Download() -> download(run, workplace, snapshot, wanted.get());
            case RestoreTarget.S3 bucket -> parts.restore(run, restore, bucket, workplace, trees, snapshot);
            case RestoreTarget.Path folder ->
                folders.restore(
                        run,
                        folder,
                        workplace.log(),
                        sink -> read(run, workplace, wanted.get().part(), sink));
        };
    }

    /**
     * What of the snapshot is wanted.
     *
     * @param file whether that is one file, and no tree of them
     */
    private record Wanted(Id tree, NodePath path, boolean file) {
        String name() {
            return path.elements().isEmpty()
                    ? "snapshot"
                    : path.elements().getLast().text();
        }

        Restorer.Part part() {
            var selection = path.elements().isEmpty() ? Selection.all() : Selection.path(path);
            return new Restorer.Part(tree, selection, TreeRange.ALL);
        }
    }

    private static Optional<Wanted> wanted(SnapshotTree trees, Id snapshot, Id tree, Optional<String> path) {
        if (path.isEmpty() || NodePath.of(path.get()).elements().isEmpty()) {
            var entries = trees.list(snapshot, NodePath.ROOT, 2).orElseGet(List::of);
            var single = entries.size() == 1
                    && entries.getFirst().kind() instanceof Node.File
                    && entries.getFirst().name().isFileName();
            return Optional.of(
                    single
                            ? new Wanted(tree, path(entries.getFirst().name()), true)
                            : new Wanted(tree, NodePath.ROOT, false));
        }
        var asked = NodePath.of(path.get());
        return trees.find(snapshot, asked).map(node -> new Wanted(tree, asked, node.kind() instanceof Node.File));
    }

    private static NodePath path(ByteString name) {
        return new NodePath(List.of(name));
    }

    private Outcome download(Run run, Workplace workplace, Snapshot snapshot, Wanted wanted) throws IOException {
        var tooLarge = snapshot.summary()
                .map(SnapshotSummary::totalBytesProcessed)
                .filter(bytes -> bytes > S3Upload.LARGEST_BYTES)
                .filter(_ -> wanted.path().equals(NodePath.ROOT));
        if (tooLarge.isPresent()) {
            return new Rejected(
                    "restore-incomplete",
                    "An archive of %d bytes is larger than an object can be (%d): restore parts of it."
                            .formatted(tooLarge.get(), S3Upload.LARGEST_BYTES));
        }
        var name = wanted.file() ? wanted.name() : wanted.name() + ".tar";
        var upload = downloads.open(run.job());
        try {
            var restored = wanted.file()
                    ? read(run, workplace, wanted.part(), new FileSink(upload))
                    : archive(run, workplace, wanted, upload);
            if (restored.damage().isPresent()) {
                return notRestored(
                        "repository-damaged",
                        restored.failureCount(),
                        restored.damage().get());
            }
            if (restored.failureCount() > 0) {
                return incomplete(restored.failureCount(), restored.failures().getFirst());
            }
            run.ensureMine();
            upload.complete();
            return succeeded(run.job(), restored, name);
        } finally {
            upload.abandon();
        }
    }

    /** Some of it came back, and some did not. */
    static Rejected incomplete(long failures, String first) {
        return notRestored("restore-incomplete", failures, first);
    }

    private static Rejected notRestored(String code, long failures, String first) {
        return new Rejected(code, "%d entries cannot be restored: %s".formatted(failures, first));
    }

    private Succeeded succeeded(Job job, RestoreResult restored, String name) {
        var url = downloads.presign(job, name);
        return new Succeeded(new JobResult.Restored(restored.files(), restored.bytes(), Optional.of(url)));
    }

    private static RestoreResult archive(Run run, Workplace workplace, Wanted wanted, S3Upload upload)
            throws IOException {
        var tar = new TarSink(upload);
        var restored = read(run, workplace, wanted.part(), tar);
        if (restored.failureCount() == 0) tar.finish();
        return restored;
    }

    static RestoreResult read(Run run, Workplace workplace, Restorer.Part part, RestoreSink sink) {
        var progress = new dev.holdfast.restic.Progress((files, bytes, current) -> {
            run.ensureMine();
            run.report(new Progress(bytes, 0, "bytes", "restoring " + current));
        });
        var restored = Restorer.restore(workplace.repository(), part, sink, progress, READERS, workplace.lock()::keep);
        restored.failures().forEach(failure -> workplace.log().warn("not restored", Map.of("what", failure)));
        return restored;
    }
}
