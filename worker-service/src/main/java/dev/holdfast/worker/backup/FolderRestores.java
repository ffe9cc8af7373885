package dev.holdfast.worker.backup;

import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.RestoreTarget;
import dev.holdfast.repositories.Decisions;
import dev.holdfast.restic.LocalSink;
import dev.holdfast.restic.RestoreResult;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.RestoreFolder.UnusableException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Restores into new folders below the operator's roots. A folder grows beside its place, under a name of the run's own,
 * and is moved there once it is whole; that it may be is decided before, so that a run that repeats the end of another
 * one knows what it finds.
 */
@Singleton
final class FolderRestores {

    private final Roots roots;
    private final Decisions decisions;
    private final JobTable jobs;
    private final InstantSource clock;

    FolderRestores(RestoreConfig config, Decisions decisions, JobTable jobs, InstantSource clock) {
        this.roots = Roots.of("holdfast.restore.roots", config.roots());
        this.decisions = decisions;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** What a run has restored, and where it is until it is at its place. */
    record Grown(String name, JobResult.Restored result) {}

    /** {@code restore} does it into a sink. */
    Outcome restore(Run run, RestoreTarget.Path target, JobLog log, Function<RestoreSink, RestoreResult> restore)
            throws IOException {
        var folder = roots.allowed(target.path())
                .filter(named -> !named.isRoot())
                .map(named -> new RestoreFolder(named.root(), named.path()));
        if (folder.isEmpty()) {
            return new Rejected("path-not-allowed", "The operator allows no restores to " + target.path() + ".");
        }
        try {
            var decided = decisions.of(run.job().id(), Grown.class);
            if (decided.isPresent()) return place(run, folder.get(), decided.get());
            return begin(run, folder.get(), log, restore);
        } catch (UnusableException unusable) {
            return new Rejected("path-unusable", unusable.getMessage() + ".");
        }
    }

    private Outcome begin(Run run, RestoreFolder folder, JobLog log, Function<RestoreSink, RestoreResult> restore)
            throws IOException {
        folder.prepare();
        if (folder.isTaken()) throw new UnusableException(folder.place() + " is not empty");
        var job = run.job();
        folder.removeGrowing(job.id().toString());
        var grown = folder.growing(job.id() + "-" + job.fence());
        var stays = false;
        try {
            var sink = new LocalSink(grown, false);
            var restored = restore.apply(sink);
            if (sink.attributesLeftOut() > 0) {
                log.warn("extended attributes left out", Map.of("count", sink.attributesLeftOut()));
            }
            if (restored.failureCount() > 0) {
                return RestoreHandler.incomplete(
                        restored.failureCount(), restored.failures().getFirst());
            }
            var result = new JobResult.Restored(restored.files(), restored.bytes(), Optional.empty());
            stays = true;
            var decided = decisions.decide(
                    jobs.stillMine(job),
                    job.id(),
                    new Grown(grown.getFileName().toString(), result),
                    Grown.class,
                    clock.instant());
            return place(run, folder, decided);
        } finally {
            if (!stays) RestoreFolder.remove(grown);
        }
    }

    private static Outcome place(Run run, RestoreFolder folder, Grown decided) throws IOException {
        run.ensureMine();
        var grown = folder.place().resolveSibling(decided.name());
        if (Files.isDirectory(grown, LinkOption.NOFOLLOW_LINKS)) {
            folder.take(grown);
        } else if (!folder.isTaken()) {
            throw new UnusableException("what was restored is not there any more, or on the disk of another worker");
        }
        return new Succeeded(decided.result());
    }
}
