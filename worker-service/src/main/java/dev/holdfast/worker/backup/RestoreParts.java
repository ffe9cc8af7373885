package dev.holdfast.worker.backup;

import dev.holdfast.core.Range;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload.Restore;
import dev.holdfast.job.JobPayload.RestoreShard;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobResult.ShardRestored;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.Progress;
import dev.holdfast.job.RestoreTarget;
import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.Restorer;
import dev.holdfast.restic.Selection;
import dev.holdfast.restic.SnapshotTree;
import dev.holdfast.restic.TreeRange;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Restores into buckets: little in one run; much is cut into ranges of the snapshot's trees, which other jobs restore,
 * and their results are summed up when these have ended. A part that is run again writes the same objects again.
 */
@Singleton
final class RestoreParts {

    private final Workplaces workplaces;
    private final BucketRestores buckets;
    private final JobTable jobs;
    private final RestoreConfig config;

    RestoreParts(Workplaces workplaces, BucketRestores buckets, JobTable jobs, RestoreConfig config) {
        Range.check("holdfast.restore.shard-objects", config.shardObjects(), 10, 100_000);
        Range.check("holdfast.restore.shard-bytes", config.shardBytes(), 1L << 20, 1L << 40);
        this.workplaces = workplaces;
        this.buckets = buckets;
        this.jobs = jobs;
        this.config = config;
    }

    /** The children of one run. */
    private record Family(long fence, int total) {
        static Family of(String text) {
            var words = text.split(":", 2);
            return new Family(Long.parseLong(words[0]), Integer.parseInt(words[1]));
        }

        Stream<JobId> children(JobId parent) {
            return IntStream.range(0, total).mapToObj(index -> JobId.child(parent, fence, index));
        }

        @Override
        public String toString() {
            return fence + ":" + total;
        }
    }

    /** All children so far, as {@link Job#phase} keeps them: those of later rounds do again what others did not. */
    private record Phase(List<Family> rounds) {
        static Phase of(String text) {
            return new Phase(
                    Arrays.stream(text.split(" ", -1)).skip(1).map(Family::of).toList());
        }

        Phase with(Family next) {
            var more = new ArrayList<>(rounds);
            more.add(next);
            return new Phase(more);
        }

        @Override
        public String toString() {
            return rounds.stream().map(Family::toString).collect(Collectors.joining(" ", "sum ", ""));
        }
    }

    /** What is selected by a payload's path. */
    static Selection selection(Optional<String> path) {
        return path.map(NodePath::of)
                .filter(named -> !named.elements().isEmpty())
                .map(Selection::path)
                .orElseGet(Selection::all);
    }

    /** Restores, or shares out. */
    Outcome restore(
            Run run, Restore restore, RestoreTarget.S3 target, Workplace at, SnapshotTree trees, Snapshot snapshot) {
        return buckets.with(run, target, place -> {
            var ranges = ranges(run, restore, at, trees, snapshot);
            if (ranges.size() == 1) {
                var part = new Restorer.Part(snapshot.tree(), selection(restore.path()), TreeRange.ALL);
                return ended(restored(run, at, place, part));
            }
            var parts = ranges.stream()
                    .map(range -> new RestoreShard(
                            run.job().id().toString(),
                            restore.repository(),
                            snapshot.tree().toHex(),
                            restore.path(),
                            target,
                            range.from(),
                            range.to()))
                    .toList();
            return shareOut(run.job(), parts, new Phase(List.of()));
        });
    }

    private List<TreeRange> ranges(Run run, Restore restore, Workplace at, SnapshotTree trees, Snapshot snapshot) {
        var small = snapshot.summary()
                .filter(all -> all.totalFilesProcessed() <= config.shardObjects()
                        && all.totalBytesProcessed() <= config.shardBytes());
        if (small.isPresent()) return List.of(TreeRange.ALL);
        var found = new long[1];
        var keeping = at.keeping(run);
        return trees.cut(snapshot.tree(), selection(restore.path()), config.shardObjects(), config.shardBytes(), () -> {
            keeping.run();
            run.report(new Progress(++found[0], 0, "files", "looking for what there is"));
        });
    }

    private static Outcome shareOut(Job job, List<RestoreShard> parts, Phase before) {
        return new FanOut(
                List.copyOf(parts),
                before.with(new Family(job.fence(), parts.size())).toString());
    }

    /** Restores a part. */
    Outcome restore(Run run, RestoreShard shard) throws IOException, InterruptedException {
        var part = new Restorer.Part(
                Id.parse(shard.tree()), selection(shard.path()), new TreeRange(shard.from(), shard.to()));
        return workplaces.work(
                run,
                JobId.of(shard.root()),
                shard.repository(),
                at -> buckets.with(run, shard.target(), place -> new Succeeded(restored(run, at, place, part))));
    }

    private static ShardRestored restored(Run run, Workplace at, BucketRestores.Place place, Restorer.Part part) {
        var restored = place.fill(run, sink -> RestoreHandler.read(run, at, part, sink));
        return new ShardRestored(
                restored.files(),
                restored.bytes(),
                restored.failureCount(),
                restored.failures().stream().findFirst());
    }

    private static Outcome ended(ShardRestored all) {
        return all.failures() > 0
                ? RestoreHandler.incomplete(all.failures(), all.firstFailure().orElse(""))
                : new Succeeded(new JobResult.Restored(all.files(), all.bytes(), Optional.empty()));
    }

    /** Sums up what the parts did, unless some are to be done again. */
    Outcome sum(Run run) {
        var phase = Phase.of(run.job().phase());
        var children = phase.rounds().stream()
                .flatMap(round -> round.children(run.job().id()))
                .toList();
        var parts = jobs.findAll(children);
        var missing = parts(parts);
        var done = parts.stream()
                .filter(part -> part.state() == JobState.SUCCEEDED)
                .toList();
        missing.removeAll(parts(done));
        if (missing.isEmpty() && done.size() == phase.rounds().getFirst().total()) return ended(total(done));
        var lost =
                "Parts of it were not restored: " + (phase.rounds().getFirst().total() - done.size());
        if (missing.isEmpty()) return new Rejected("parts-missing", lost);
        return Rounds.giveUp(parts, phase.rounds().size(), lost)
                .orElseGet(() -> shareOut(run.job(), List.copyOf(missing), phase));
    }

    private static SequencedSet<RestoreShard> parts(List<Job> children) {
        var parts = new LinkedHashSet<RestoreShard>();
        for (var child : children) if (child.spec().payload() instanceof RestoreShard part) parts.add(part);
        return parts;
    }

    private static ShardRestored total(List<Job> done) {
        var results = done.stream()
                .flatMap(part -> part.result().stream())
                .filter(ShardRestored.class::isInstance)
                .map(ShardRestored.class::cast)
                .toList();
        return new ShardRestored(
                results.stream().mapToLong(ShardRestored::files).sum(),
                results.stream().mapToLong(ShardRestored::bytes).sum(),
                results.stream().mapToLong(ShardRestored::failures).sum(),
                results.stream().flatMap(part -> part.firstFailure().stream()).findFirst());
    }
}
