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
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
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
    private final BucketRestores buckets;
    private final FolderRestores folders;

    RestoreHandler(
            Workplaces workplaces,
            SnapshotTable snapshots,
            Downloads downloads,
            BucketRestores buckets,
            FolderRestores folders) {
        this.buckets = buckets;
        this.folders = folders;
        this.workplaces = workplaces;
        this.snapshots = snapshots;
        this.downloads = downloads;
    }

    /** Restores the payload's snapshot. */
    public Outcome handle(Run run, JobPayload.Restore restore) throws IOException {
        return workplaces.work(run, restore.repository(), workplace -> {
            var matching = snapshots.matching(run.job().tenant(), restore.repository(), restore.snapshot());
            if (matching.size() > 1) {
                return new Rejected("snapshot-ambiguous", "Several snapshots begin with " + restore.snapshot() + ".");
            }
            if (matching.isEmpty()) return notFound(restore);
            return restore(run, restore, workplace, Id.parse(matching.getFirst().id()));
        });
    }

    private static Rejected notFound(JobPayload.Restore restore) {
        return new Rejected("snapshot-not-found", "There is no snapshot " + restore.snapshot() + ".");
    }

    private Outcome restore(Run run, JobPayload.Restore restore, Workplace workplace, Id snapshot) throws IOException {
        Optional<Wanted> wanted;
        try {
            wanted = wanted(SnapshotTree.open(workplace.repository()), snapshot, restore.path());
        } catch (ResticException.Missing gone) {
            return notFound(restore); // forgotten by restic, and still in the catalogue
        }
        if (wanted.isEmpty()) return new Rejected("path-not-found", "The snapshot has no such path.");
        return switch (restore.target()) {
            case RestoreTarget.Download() -> download(run, workplace, snapshot, wanted.get());
            case RestoreTarget.S3 bucket ->
                buckets.restore(run, bucket, sink -> read(run, workplace, snapshot, wanted.get(), sink));
            case RestoreTarget.Path folder ->
                folders.restore(run, folder, sink -> read(run, workplace, snapshot, wanted.get(), sink));
        };
    }

    /**
     * What of the snapshot is wanted.
     *
     * @param file whether that is one file, and no tree of them
     */
    private record Wanted(NodePath path, boolean file) {
        String name() {
            return path.elements().isEmpty()
                    ? "snapshot"
                    : path.elements().getLast().text();
        }

        Selection selection() {
            return path.elements().isEmpty() ? Selection.all() : Selection.path(path);
        }
    }

    private static Optional<Wanted> wanted(SnapshotTree tree, Id snapshot, Optional<String> path) {
        if (path.isEmpty() || NodePath.of(path.get()).elements().isEmpty()) {
            var entries = tree.list(snapshot, NodePath.ROOT).orElseGet(List::of);
            var single = entries.size() == 1 && entries.getFirst().kind() instanceof Node.File;
            return Optional.of(
                    single ? new Wanted(path(entries.getFirst().name()), true) : new Wanted(NodePath.ROOT, false));
        }
        var asked = NodePath.of(path.get());
        return tree.find(snapshot, asked).map(node -> new Wanted(asked, node.kind() instanceof Node.File));
    }

    private static NodePath path(ByteString name) {
        return new NodePath(List.of(name));
    }

    private Outcome download(Run run, Workplace workplace, Id snapshot, Wanted wanted) throws IOException {
        var name = wanted.file() ? wanted.name() : wanted.name() + ".tar";
        var upload = downloads.open(run.job());
        try {
            var restored = wanted.file()
                    ? read(run, workplace, snapshot, wanted, new FileSink(upload))
                    : archive(run, workplace, snapshot, wanted, upload);
            if (restored.failureCount() > 0) {
                return new Rejected(
                        "repository-damaged",
                        "%d entries cannot be restored: %s"
                                .formatted(
                                        restored.failureCount(),
                                        restored.failures().getFirst()));
            }
            run.ensureMine();
            upload.complete();
            return succeeded(run.job(), restored, name);
        } finally {
            upload.abandon();
        }
    }

    /** Some of it came back, and some did not. */
    static Rejected incomplete(RestoreResult restored) {
        return new Rejected(
                "restore-incomplete",
                "%d entries cannot be restored: %s"
                        .formatted(restored.failureCount(), restored.failures().getFirst()));
    }

    private Succeeded succeeded(Job job, RestoreResult restored, String name) {
        var url = downloads.presign(job, name);
        return new Succeeded(new JobResult.Restored(restored.files(), restored.bytes(), Optional.of(url)));
    }

    private static RestoreResult archive(Run run, Workplace workplace, Id snapshot, Wanted wanted, S3Upload upload)
            throws IOException {
        var tar = new TarSink(upload);
        var restored = read(run, workplace, snapshot, wanted, tar);
        tar.finish();
        return restored;
    }

    private static RestoreResult read(Run run, Workplace workplace, Id snapshot, Wanted wanted, RestoreSink sink) {
        var progress = new dev.holdfast.restic.Progress((files, bytes, current) -> {
            run.ensureMine();
            run.report(new Progress(bytes, 0, "bytes", "restoring " + current));
        });
        var restored = Restorer.restore(
                workplace.repository(), snapshot, wanted.selection(), sink, progress, READERS, workplace.lock()::keep);
        restored.failures().forEach(failure -> workplace.log().warn("not restored", Map.of("what", failure)));
        return restored;
    }
}
