package dev.holdfast.worker.backup;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.catalog.Snapshot;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobResult.BackedUp.Skipped;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.Progress;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Stores a source as a snapshot. Content lies under its own hash and the snapshot's id and time come from the job, so a
 * repeated run writes the same things again.
 */
@Singleton
public final class BackupHandler {

    private final Catalog catalog;
    private final Sources sources;
    private final ObjectStore store;
    private final JobTable jobs;
    private final InstantSource clock;

    BackupHandler(Catalog catalog, Sources sources, ObjectStore store, JobTable jobs, InstantSource clock) {
        this.catalog = catalog;
        this.sources = sources;
        this.store = store;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Backs the payload's source up. */
    public Outcome handle(Run run, JobPayload.Backup backup) throws IOException {
        var job = run.job();
        var started = clock.instant();
        if (!catalog.hasRepository(job.tenant(), backup.repository())) {
            return new Rejected("repository-not-found", "There is no repository " + backup.repository() + ".");
        }
        var parents = parents(job, backup);
        if (backup.parent().isPresent() && parents.size() != 1) {
            return new Rejected(
                    "parent-not-found",
                    "There is no one snapshot " + backup.parent().get() + ".");
        }
        var folder = Files.createTempDirectory("holdfast-backup-");
        var file = folder.resolve("content");
        try {
            return switch (sources.read(job.tenant(), backup.source(), file)) {
                case Sources.Read.Unusable(var code, var message) -> new Rejected(code, message);
                case Sources.Read.File read ->
                    store(run, backup, read, parents.stream().findFirst(), started);
            };
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** The snapshot to compare with: the one that was named, else the latest, if any. Never this job's own. */
    private List<Snapshot> parents(Job job, JobPayload.Backup backup) {
        return catalog
                .matching(job.tenant(), backup.repository(), backup.parent().orElse("latest"))
                .stream()
                .filter(snapshot -> !snapshot.job().equals(job.id().toString()))
                .toList();
    }

    private Outcome store(
            Run run, JobPayload.Backup backup, Sources.Read.File read, Optional<Snapshot> parent, Instant started) {
        var job = run.job();
        var content = read.content();
        var excluded = excluded(backup.exclude(), read.name());
        var added = 0L;
        if (!excluded) {
            run.report(new Progress(0, content.size(), "bytes", "storing " + read.name()));
            run.ensureMine();
            added = store.put(job.tenant(), backup.repository(), content);
        }
        var file = new Snapshot.File(read.name(), content.size(), content.sha256());
        var files = excluded ? List.<Snapshot.File>of() : List.of(file);
        var snapshot = new Snapshot(snapshotId(job), job.createdAt(), job.id().toString(), backup.tags(), files);
        catalog.addSnapshot(jobs.stillMine(job), job.tenant(), backup.repository(), snapshot);
        var before = parent.flatMap(known -> find(known, read.name()));
        var unmodified = before.filter(file::equals).isPresent();
        return new Succeeded(new JobResult.BackedUp(
                snapshot.id(),
                before.isEmpty() ? files.size() : 0,
                before.isPresent() && !unmodified ? files.size() : 0,
                unmodified ? files.size() : 0,
                excluded ? 0 : content.size(),
                added,
                added,
                Duration.between(started, clock.instant()).toMillis() / 1000.0,
                excluded ? List.of(new Skipped(read.name(), "excluded")) : List.of()));
    }

    private static boolean excluded(List<String> globs, String name) {
        var path = Path.of(name);
        return globs.stream()
                .anyMatch(glob ->
                        FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(path));
    }

    private static Optional<Snapshot.File> find(Snapshot snapshot, String path) {
        return snapshot.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst();
    }

    private static String snapshotId(Job job) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(("snapshot " + job.id()).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
