package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobPayload.BackupShard;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Progress;
import dev.holdfast.repositories.Shard;
import dev.holdfast.repositories.ShardTable;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.format.Id;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Backs a bucket up: a small one in one run; a large one is planned, shared out to other jobs by ranges of keys, and
 * put together when these have ended. A plan is named by the fence of the run that made it.
 */
@Singleton
final class BucketBackup {

    private final Buckets buckets;
    private final BucketShards parts;
    private final BucketEnd end;
    private final BackupCatalogue catalogue;
    private final ShardTable shards;
    private final JobTable jobs;

    BucketBackup(
            Buckets buckets,
            BucketShards parts,
            BucketEnd end,
            BackupCatalogue catalogue,
            ShardTable shards,
            JobTable jobs) {
        this.buckets = buckets;
        this.parts = parts;
        this.end = end;
        this.catalogue = catalogue;
        this.shards = shards;
        this.jobs = jobs;
    }

    /** What a job that was shared out does next, as {@link Job#phase} keeps it. */
    private record Phase(long plan, int round) {
        static Phase of(String text) {
            var words = text.split(" ", 3);
            return new Phase(Long.parseLong(words[1]), Integer.parseInt(words[2]));
        }

        @Override
        public String toString() {
            return "commit " + plan + " " + round;
        }
    }

    /** Does what is next for the job. */
    Outcome backUp(Run run, JobPayload.Backup backup, BackupSource.S3 source, Workplace at) throws IOException {
        return buckets.read(source, () -> {
            var phase = run.job().phase();
            return phase.isEmpty() ? plan(run, backup, source, at) : commit(run, backup, source, at, Phase.of(phase));
        });
    }

    /** Stores a part. */
    Outcome store(Run run, BackupShard shard) throws IOException, InterruptedException {
        return parts.store(run, shard);
    }

    /**
     * What was backed up before is compared in one run first, for most of it is as it was; only what that leaves is
     * shared out. What was not is listed and cut at once.
     */
    private Outcome plan(Run run, JobPayload.Backup backup, BackupSource.S3 source, Workplace at) throws IOException {
        var job = run.job();
        var parents = catalogue.parents(job, backup, BucketEnd.paths(source));
        if (backup.parent().isPresent() && parents.size() != 1) return BackupHandler.noParent(backup);
        var parent = parents.stream().findFirst().map(Snapshot::id);
        if (parent.isPresent()) return inOneRun(run, backup, source, at, parent);
        var listed = new long[1];
        var mayBeCut = parts.mayBeCut(at, source, new Excludes(backup.exclude(), at.log()));
        var planned = parts.parts(run, source, KeyRange.ALL, mayBeCut, () -> {
            run.ensureMine();
            at.lock().keep();
            run.report(new Progress(++listed[0], 0, "files", "looking for what there is"));
        });
        at.log().info("planned", Map.of("parts", planned.size(), "objects", listed[0]));
        if (planned.size() == 1) return inOneRun(run, backup, source, at, parent);
        at.lock().outlive();
        return shareOut(backup, source, job, parent, planned, new Phase(job.fence(), 1));
    }

    private static Outcome shareOut(
            JobPayload.Backup backup,
            BackupSource.S3 source,
            Job job,
            Optional<String> parent,
            List<BucketPlan.Part> planned,
            Phase next) {
        var children = planned.stream()
                .<JobPayload>map(part -> part(backup, source, job, parent, part, next))
                .toList();
        return new FanOut(children, next.toString());
    }

    private static BackupShard part(
            JobPayload.Backup backup,
            BackupSource.S3 source,
            Job job,
            Optional<String> parent,
            BucketPlan.Part part,
            Phase phase) {
        return new BackupShard(
                job.id().toString(),
                phase.plan(),
                backup.repository(),
                source,
                backup.exclude(),
                parent,
                part.range().after(),
                part.range().last(),
                part.piece());
    }

    private Outcome inOneRun(
            Run run, JobPayload.Backup backup, BackupSource.S3 source, Workplace at, Optional<String> parent)
            throws IOException {
        try (var writer = PartWriter.open(at.repository(), parent.map(Id::parse), BackupHandler.options())) {
            var excludes = new Excludes(backup.exclude(), at.log());
            var stored = parts.storeAlone(run, source, at, writer, excludes, parent.isPresent());
            if (stored.last().isPresent()) {
                var next = new Phase(run.job().fence(), 1);
                var all = new BucketPlan.Part(KeyRange.ALL, Optional.empty());
                var first = part(backup, source, run.job(), parent, all, next);
                var rest = parts.leave(run, first, at, writer, stored, excludes);
                at.log().info("planned", Map.of("parts", rest.size() + 1));
                return shareOut(backup, source, run.job(), parent, rest, next);
            }
            parts.count(run.job(), at, stored.tally());
            var whole = new BucketEnd.Whole(backup, source, parent, stored.left(), stored.tally(), excludes);
            return end.end(run, at, writer, whole);
        }
    }

    private Outcome commit(Run run, JobPayload.Backup backup, BackupSource.S3 source, Workplace at, Phase phase)
            throws IOException {
        var job = run.job();
        var stored = HugeObject.whole(shards.list(BucketShards.plan(job.id().toString(), phase.plan())));
        var missing = gaps(stored);
        if (!missing.isEmpty()) {
            at.log().warn("parts missing", Map.of("ranges", missing.size(), "round", phase.round()));
        }
        if (!missing.isEmpty()) return again(backup, source, job, missing, phase);
        var all = new Together(new ArrayList<>(), new ArrayList<>());
        for (var shard : stored) all.add(parts.manifest(at, job.id().toString(), shard));
        var isPruned = !at.repository().holds(all.indexes()); // meanwhile, by somebody else
        if (isPruned) return plan(run, backup, source, at);
        return end.putTogether(run, at, backup, source, all.parts());
    }

    /**
     * What is kept in memory of all parts: no index files, which have 70 bytes for each blob and were stored before.
     *
     * @param parts without their index files
     * @param indexes the ids of these
     */
    record Together(List<Manifest> parts, List<Id> indexes) {
        void add(Manifest part) {
            indexes.addAll(part.indexIds());
            parts.add(part.withoutIndexes());
        }
    }

    /** The ranges of keys that no part has. */
    static List<KeyRange> gaps(List<Shard> inOrder) {
        var gaps = new ArrayList<KeyRange>();
        var reached = Optional.of("");
        for (var shard : inOrder) {
            if (HugeObject.from(shard) > 0) continue; // of the object that its first piece stands for
            var from = reached.orElseThrow(() -> new IllegalStateException("parts beyond the end"));
            var order = KeyRange.compare(shard.after(), from);
            if (order < 0) throw new IllegalStateException("parts overlap at " + shard.after());
            if (order > 0) gaps.add(new KeyRange(from, Optional.of(shard.after())));
            reached = shard.last();
        }
        reached.ifPresent(from -> gaps.add(new KeyRange(from, Optional.empty())));
        return gaps;
    }

    private Outcome again(
            JobPayload.Backup backup, BackupSource.S3 source, Job job, List<KeyRange> missing, Phase phase) {
        var children =
                jobs.findAll(job.children().map(family -> family.ids(job.id())).orElseGet(List::of));
        return Rounds.giveUp(children, phase.round(), "Parts of it were not stored: " + missing.size())
                .orElseGet(() -> {
                    var whole = missing.stream()
                            .map(range -> new BucketPlan.Part(range, Optional.empty()))
                            .toList();
                    var next = new Phase(phase.plan(), phase.round() + 1);
                    return shareOut(backup, source, job, parent(children), whole, next);
                });
    }

    private static Optional<String> parent(List<Job> children) {
        return children.stream()
                .flatMap(child ->
                        child.spec().payload() instanceof BackupShard shard ? shard.parent().stream() : Stream.empty())
                .findFirst();
    }
}
