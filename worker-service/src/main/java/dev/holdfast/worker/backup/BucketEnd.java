package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.PreparedBackup;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Ends the backup of a bucket: puts its parts together, and makes the one snapshot of it. */
@Singleton
final class BucketEnd {

    /** Marks a snapshot that lacks what could not be read. */
    static final String PARTIAL_TAG = "partial";

    private final BackupCatalogue catalogue;
    private final Manifests manifests;
    private final InstantSource clock;

    BucketEnd(BackupCatalogue catalogue, Manifests manifests, InstantSource clock) {
        this.catalogue = catalogue;
        this.manifests = manifests;
        this.clock = clock;
    }

    /** What people see as the source; the same for every backup of it. No connection is named {@code -}. */
    static List<String> paths(BackupSource.S3 source) {
        var prefix = source.prefix().map(some -> "/" + some).orElse("");
        return List.of("/s3/" + source.connection().orElse("-") + "/" + source.bucket() + prefix);
    }

    /**
     * A source of which all is stored but the folders that are left.
     *
     * @param parent the id of the snapshot that it was compared with
     */
    record Whole(
            JobPayload.Backup backup,
            BackupSource.S3 source,
            Optional<String> parent,
            List<Folder> left,
            BucketTally tally,
            Excludes excludes) {}

    /** Puts parts together that follow one another. */
    Outcome putTogether(Run run, Workplace at, JobPayload.Backup backup, BackupSource.S3 source, List<Manifest> parts) {
        var parent = parts.getFirst().parent();
        var tally = parts.stream().map(Manifest::tally).reduce(BucketTally.NOTHING, BucketTally::plus);
        var excludes = new Excludes(List.of(), at.log());
        var left = new TreeMap<String, Folder>();
        for (var part : parts) {
            excludes.skipAll(part.skipped());
            for (var folder : part.left()) folder.addTo(left.computeIfAbsent(folder.prefix(), Folder::new));
        }
        at.log().info("put together", Map.of("parts", parts.size(), "files", tally.files()));
        var stretches = parts.stream().flatMap(part -> part.stretch().stream()).toList();
        try (var writer = PartWriter.open(at.repository(), parent.map(Id::parse), BackupHandler.options())) {
            for (var huge : HugeObject.of(stretches)) {
                left.computeIfAbsent(huge.folder(), Folder::new).addFile(huge.file());
                var before = writer.before(KeyNames.path(huge.key()));
                if (huge.file().kind() instanceof Node.File file) tally = tally.plus(BucketTally.joined(before, file));
            }
            var whole = new Whole(backup, source, parent, List.copyOf(left.values()), tally, excludes);
            return end(run, at, writer, whole);
        }
    }

    /** Stores what is left, and makes the snapshot. */
    Outcome end(Run run, Workplace at, PartWriter writer, Whole whole) {
        if (whole.tally().filesUnreadable() > 0) {
            if (whole.tally().files() == 0) return unreadable("Nothing of the bucket can be read", whole);
            if (whole.backup().mustBeWhole()) {
                return unreadable(whole.tally().filesUnreadable() + " objects cannot be read", whole);
            }
        }
        var job = run.job();
        var root = store(writer, whole.left());
        var packs = writer.finish();
        run.ensureMine();
        at.lock().outlive();
        packs.indexes().forEach(at.repository()::store);
        catalogue.keep(run, at, root.tree(), writer.trees());
        var tally = whole.tally().plus(root.tally()).with(packs.added());
        var started = job.startedAt().orElseGet(clock::instant);
        var summary = tally.summary(started, clock.instant());
        var snapshot = new Snapshot(
                started.atOffset(ZoneOffset.UTC),
                whole.parent().map(Id::parse),
                root.tree(),
                paths(whole.source()),
                at.repository().environment().hostname(),
                at.repository().environment().username(),
                0,
                0,
                List.of(),
                tags(run, whole.backup(), tally),
                Optional.empty(),
                BackupWriter.PROGRAM,
                Optional.of(summary));
        var prepared = new PreparedBackup(snapshot, summary, tally.added(), List.of(), 0);
        var took = Duration.between(started, clock.instant());
        var sealed = catalogue.seal(
                job, at, whole.parent(), prepared, whole.excludes().skipped(), took);
        run.ensureMine();
        var outcome = catalogue.finish(run, at, sealed);
        if (!job.phase().isEmpty()) manifests.remove(at, job.id().toString());
        return outcome;
    }

    /** A snapshot without anything in it would be taken for a backup; as would one that was to be whole. */
    private static Outcome unreadable(String what, Whole whole) {
        var first = whole.excludes()
                .firstUnreadable()
                .map(one -> ", such as %s: %s".formatted(one.path(), one.reason()))
                .orElse("");
        return new Rejected("source-unreadable", what + first + ".");
    }

    private static List<String> tags(Run run, JobPayload.Backup backup, BucketTally tally) {
        var tags = new ArrayList<>(backup.tags());
        tags.add("job:" + run.job().id());
        if (tally.split()) tags.add(BackupWriter.SPLIT_TAG);
        if (tally.filesUnreadable() > 0) tags.add(PARTIAL_TAG);
        return tags;
    }

    /** The tree of a snapshot. */
    record Root(Id tree, BucketTally tally) {}

    /** From the inmost folder to the root. */
    static Root store(PartWriter writer, List<Folder> left) {
        Map<String, Folder> folders = new TreeMap<>();
        for (var folder : left) {
            folders.put(folder.prefix(), folder);
            for (var parent = folder; !parent.prefix().isEmpty(); ) {
                parent = folders.computeIfAbsent(parent.parentPrefix(), Folder::new);
            }
        }
        var tally = BucketTally.NOTHING;
        var inmostFirst = folders.values().stream()
                .sorted(Comparator.comparingInt(
                                (Folder folder) -> folder.prefix().length())
                        .reversed())
                .toList();
        for (var folder : inmostFirst) {
            var stored = folder.store(writer);
            if (!(stored.node().kind() instanceof Node.Directory directory)) continue;
            if (folder.prefix().isEmpty()) {
                var split = new BucketTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, tally.added(), stored.split());
                return new Root(directory.subtree(), tally.plus(split));
            }
            var before = writer.before(KeyNames.folder(folder.prefix()));
            tally = tally.plus(BucketTally.folder(before, directory, stored.split()));
            folders.getOrDefault(folder.parentPrefix(), folder).addFolder(stored.node());
        }
        throw new IllegalStateException("every bucket has a root");
    }
}
