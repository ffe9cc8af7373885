package dev.holdfast.worker.backup;

import dev.holdfast.core.Range;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobPayload.BackupShard;
import dev.holdfast.job.JobResult.BackedUp.Skipped;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.repositories.Shard;
import dev.holdfast.repositories.ShardTable;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.format.Id;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.RangeBackup.Budget;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Stores parts of buckets. A part counts once its row is in the catalogue, which the fence of its job's run decides;
 * only then is there an index of its packs. A run that repeats another one finds the row and ends what is left to do.
 */
@Singleton
final class BucketShards {

    private static final Logger LOG = Logger.getLogger(BucketShards.class);

    /** A bucket may have grown since it was planned: a part that is a little larger is no reason to share it out. */
    private static final int ROOM = 2;

    /** What one run reads of a bucket that was backed up before: this part of what is a part else. */
    private static final int ALONE = 4;

    private static final Duration LOOKING_ALONE = Duration.ofMinutes(1);

    /** The phase of a part whose rest was shared out. */
    private static final String JOINED = "joined";

    private final Workplaces workplaces;
    private final Buckets buckets;
    private final Manifests manifests;
    private final Browsing browsing;
    private final ShardTable shards;
    private final JobTable jobs;
    private final Metrics metrics;
    private final BackupConfig config;
    private final InstantSource clock;

    BucketShards(
            Workplaces workplaces,
            Buckets buckets,
            Manifests manifests,
            Browsing browsing,
            ShardTable shards,
            JobTable jobs,
            Metrics metrics,
            BackupConfig config,
            InstantSource clock) {
        Range.check("holdfast.backup.shard-objects", config.shardObjects(), 10, 100_000);
        Range.check("holdfast.backup.shard-bytes", config.shardBytes(), 1L << 20, 1L << 40);
        Range.check("holdfast.backup.piece-bytes", config.pieceBytes(), 1L << 20, 1L << 40);
        Range.check("holdfast.backup.shard-time", config.shardTime(), Duration.ofSeconds(1), Duration.ofHours(6));
        this.workplaces = workplaces;
        this.buckets = buckets;
        this.manifests = manifests;
        this.browsing = browsing;
        this.shards = shards;
        this.jobs = jobs;
        this.metrics = metrics;
        this.config = config;
        this.clock = clock;
    }

    /** The name of a plan in the catalogue. {@code fence}: of the run that made it. */
    static String plan(String job, long fence) {
        return job + "#" + fence;
    }

    /**
     * Stores a bucket from its beginning on: all of it, or, where there is something to compare with, up to where more
     * has changed than one run should read.
     */
    RangeBackup.Stored storeAlone(
            Run run, BackupSource.S3 source, Workplace at, PartWriter writer, Excludes excludes, boolean compared)
            throws IOException {
        var budget = compared
                ? new Budget(
                        Long.MAX_VALUE,
                        config.shardObjects() / ALONE,
                        config.shardBytes() / ALONE,
                        config.pieceBytes(),
                        clock.instant().plus(LOOKING_ALONE),
                        clock)
                : new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Instant.MAX, clock);
        return store(run, source, at, writer, excludes, budget, KeyRange.ALL);
    }

    private RangeBackup.Stored store(
            Run run,
            BackupSource.S3 source,
            Workplace at,
            PartWriter writer,
            Excludes excludes,
            Budget budget,
            KeyRange range)
            throws IOException {
        var bucket = buckets.find(run.job().tenant(), source);
        var own = buckets.ownPrefix(source, at.stored());
        return new RangeBackup(run, at, writer, bucket, own, excludes, budget).store(range);
    }

    /** Tells of what counts now. */
    void count(Job job, Workplace at, BucketTally tally) {
        var counts = Map.of(
                "files", tally.files(),
                "filesRead", tally.filesRead(),
                "bytesRead", tally.bytesRead(),
                "filesReplaced", tally.filesReplaced(),
                "filesUnreadable", tally.filesUnreadable());
        at.log().info("part stored", counts);
        metrics.filesBackedUp("read", tally.filesRead());
        metrics.filesBackedUp("unmodified", tally.files() - tally.filesRead());
        metrics.filesBackedUp("unreadable", tally.filesUnreadable());
        LOG.infof(
                "part of a bucket stored jobId=%s files=%d filesRead=%d bytesRead=%d filesReplaced=%d filesUnreadable=%d",
                job.id(),
                tally.files(),
                tally.filesRead(),
                tally.bytesRead(),
                tally.filesReplaced(),
                tally.filesUnreadable());
    }

    /** Stores the part that a job is for. */
    Outcome store(Run run, BackupShard shard) throws IOException, InterruptedException {
        var job = run.job();
        var plan = plan(shard.root(), shard.plan());
        if (job.phase().equals(JOINED)) {
            return new Succeeded(shards.find(plan, job.id()).orElseThrow().result());
        }
        return workplaces.work(
                run,
                JobId.of(shard.root()),
                shard.repository(),
                at -> buckets.read(shard.source(), () -> store(run, shard, at, plan)));
    }

    private Outcome store(Run run, BackupShard shard, Workplace at, String plan) throws IOException {
        var known = shards.find(plan, run.job().id());
        if (known.isEmpty() && shard.piece().isPresent()) return storePiece(run, shard, at, plan);
        var stored = known.isPresent() ? known.get() : win(run, shard, at, plan);
        storeIndexes(run, shard, at, stored);
        if (stored.last().equals(shard.last())) return new Succeeded(stored.result());
        return shareOut(run, shard, new KeyRange(stored.last().orElseThrow(), shard.last()));
    }

    /** Whether it counts or not: without it, the object is read as a whole. */
    private Outcome storePiece(Run run, BackupShard shard, Workplace at, String plan) throws IOException {
        var piece = shard.piece().orElseThrow();
        var bucket = buckets.find(run.job().tenant(), shard.source());
        try (var writer = PartWriter.open(at.repository(), Optional.empty(), BackupHandler.options())) {
            var stretch =
                    new ObjectPiece(run, at, writer, bucket).store(shard.last().orElseThrow(), piece);
            if (stretch.isEmpty()) {
                at.log().warn("piece of an object that was replaced", Map.of("from", piece.from()));
                return new Succeeded(BucketTally.NOTHING.result());
            }
            var stored =
                    new RangeBackup.Stored(shard.last(), List.of(), BucketTally.stretch(piece.to() - piece.from()));
            var won = win(run, shard, at, plan, writer, stored, stretch, List.of());
            storeIndexes(run, shard, at, won);
            return new Succeeded(won.result());
        }
    }

    private void storeIndexes(Run run, BackupShard shard, Workplace at, Shard stored) throws IOException {
        for (var index : manifest(at, shard.root(), stored).indexes()) {
            run.ensureMine();
            at.repository().store(index.sealedIndex());
        }
    }

    private Shard win(Run run, BackupShard shard, Workplace at, String plan) throws IOException {
        var budget = new Budget(
                (long) ROOM * config.shardObjects(),
                Long.MAX_VALUE,
                ROOM * config.shardBytes(),
                Long.MAX_VALUE,
                clock.instant().plus(config.shardTime()),
                clock);
        var excludes = new Excludes(shard.exclude(), at.log());
        try (var writer = PartWriter.open(at.repository(), shard.parent().map(Id::parse), BackupHandler.options())) {
            var range = new KeyRange(shard.after(), shard.last());
            var stored = store(run, shard.source(), at, writer, excludes, budget, range);
            return win(run, shard, at, plan, writer, stored, Optional.empty(), excludes.skipped());
        }
    }

    /** Makes what a run has stored count as a part, up to where it came. */
    private Shard win(
            Run run,
            BackupShard shard,
            Workplace at,
            String plan,
            PartWriter writer,
            RangeBackup.Stored stored,
            Optional<Manifest.Stretch> stretch,
            List<Skipped> skipped)
            throws IOException {
        var job = run.job();
        var packs = writer.finish();
        run.ensureMine();
        var folders = stored.left().stream().flatMap(folder -> folder.subtrees().stream());
        browsing.keep(run, at, JobId.of(shard.root()), folders.toList(), writer.trees());
        var tally = stored.tally().with(packs.added());
        var manifest = new Manifest(
                shard.parent(),
                tally,
                skipped,
                stored.left().stream().map(Manifest.Unfinished::of).toList(),
                stretch,
                packs.indexes().stream().map(Manifest.Index::of).toList());
        var name = manifests.store(at, shard.root(), manifest);
        var wanted = new Shard(shard.after(), stored.last(), shard.piece(), name, tally.result());
        var won = shards.win(jobs.stillMine(job), plan, job.id(), wanted, clock.instant());
        count(job, at, tally);
        return won;
    }

    /** What the run of the whole job has stored becomes the first part; the rest is cut for others. */
    List<BucketPlan.Part> leave(
            Run run, BackupShard first, Workplace at, PartWriter writer, RangeBackup.Stored stored, Excludes excludes)
            throws IOException {
        at.lock().outlive();
        var won = win(
                run, first, at, plan(first.root(), first.plan()), writer, stored, Optional.empty(), excludes.skipped());
        storeIndexes(run, first, at, won);
        var rest = new KeyRange(won.last().orElseThrow(), Optional.empty());
        return parts(
                run,
                first.source(),
                rest,
                mayBeCut(at, first.source(), excludes).and(object -> isNew(object, writer)),
                run::ensureMine);
    }

    private static boolean isNew(Listed object, PartWriter writer) {
        return writer.before(KeyNames.path(object.key()))
                .filter(before -> ObjectAttributes.isSame(before, object))
                .isEmpty();
    }

    /** Whether a huge object of the bucket is one that is backed up, and that a version can be asked for of. */
    Predicate<Listed> mayBeCut(Workplace at, BackupSource.S3 source, Excludes excludes) {
        var own = buckets.ownPrefix(source, at.stored());
        return object -> !object.etag().isEmpty()
                && object.key().indexOf('\0') < 0
                && own.filter(object.key()::startsWith).isEmpty()
                && !excludes.matches(KeyNames.shown(KeyNames.path(object.key())));
    }

    /** What is to be shared out of a range of keys. */
    List<BucketPlan.Part> parts(
            Run run, BackupSource.S3 source, KeyRange of, Predicate<Listed> mayBeCut, Runnable listed) {
        var plan = new BucketPlan(config.shardObjects(), config.shardBytes(), config.pieceBytes(), mayBeCut);
        return plan.parts(buckets.find(run.job().tenant(), source), of, listed);
    }

    /** What a stored part left word of. */
    Manifest manifest(Workplace at, String root, Shard shard) throws IOException {
        return manifests.load(at, root, shard.manifest());
    }

    /** The rest of a part that is more than one run should do. */
    private Outcome shareOut(Run run, BackupShard shard, KeyRange rest) {
        // a huge object that was compared and found unmodified would be read again in pieces
        var children = parts(run, shard.source(), rest, _ -> false, run::ensureMine).stream()
                .<JobPayload>map(part -> new BackupShard(
                        shard.root(),
                        shard.plan(),
                        shard.repository(),
                        shard.source(),
                        shard.exclude(),
                        shard.parent(),
                        part.range().after(),
                        part.range().last(),
                        part.piece()))
                .toList();
        return new FanOut(children, JOINED);
    }
}
