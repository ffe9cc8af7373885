package dev.holdfast.worker.backup;

import dev.holdfast.job.Progress;
import dev.holdfast.queue.Ahead;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.ObjectReader.Read;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Stores the objects of a range of keys. One that looks as in the parent snapshot is not read; small ones are fetched
 * ahead, up to {@link #AHEAD} at a time. For one thread, once.
 */
final class RangeBackup {

    /** Objects that are fetched at the same time; their content is at most {@link ObjectReader#SMALL} bytes each. */
    private static final int AHEAD = 16;

    /** An object that is replaced while it is read is read again; after so many times it is left out. */
    private static final int TIMES = 4;

    private final Run run;
    private final Runnable keeping;
    private final PartWriter writer;
    private final Bucket bucket;
    private final ObjectReader reader;
    private final Optional<String> ownPrefix;
    private final Excludes excludes;
    private final Budget budget;
    private BucketTally tally = BucketTally.NOTHING;

    /** {@code ownPrefix}: what objects of the repository itself begin with, if it lies in the bucket. */
    RangeBackup(
            Run run,
            Workplace workplace,
            PartWriter writer,
            Bucket bucket,
            Optional<String> ownPrefix,
            Excludes excludes,
            Budget budget) {
        this.run = run;
        this.keeping = workplace.keeping(run);
        this.writer = writer;
        this.bucket = bucket;
        this.reader = new ObjectReader(bucket);
        this.ownPrefix = ownPrefix;
        this.excludes = excludes;
        this.budget = budget;
    }

    /**
     * How much one run does before it leaves the rest to others.
     *
     * @param objects that it looks at
     * @param read objects that it reads
     * @param bytes of these
     * @param pieceBytes objects that are huge beside this are not read at all
     */
    record Budget(long objects, long read, long bytes, long pieceBytes, Instant until, InstantSource clock) {
        boolean includes(Listed object) {
            return pieceBytes == Long.MAX_VALUE || !BucketPlan.isHuge(object.sizeBytes(), pieceBytes);
        }

        boolean isSpent(BucketTally tally) {
            return tally.files() >= objects
                    || tally.filesRead() >= read
                    || tally.bytesRead() >= bytes
                    || clock.instant().isAfter(until);
        }
    }

    /**
     * What was stored.
     *
     * @param last the end of it: that of the range, or the last key within the budget
     * @param left the folders that are not finished
     */
    record Stored(Optional<String> last, List<Folder> left, BucketTally tally) {}

    /**
     * An object, and what of the parent snapshot stands at its path.
     *
     * @param unmodified whether that is what it is now, and stored as a whole
     */
    private record Step(
            Listed object, List<ByteString> path, Optional<Node> before, boolean unmodified, Optional<Read> read) {

        /** Whether its content is kept in memory until it is its turn. */
        boolean isFetched() {
            return !unmodified && !object.standsForFolder() && object.sizeBytes() <= ObjectReader.SMALL;
        }
    }

    Stored store(KeyRange range) throws IOException {
        var tree = new BucketTree(writer, range.after());
        var last = range.last();
        var before = range.after();
        try (var steps = new Ahead<>(new Steps(bucket.list(range)), this::fetch, Step::isFetched, AHEAD)) {
            while (steps.hasNext()) {
                var step = steps.next();
                if (!budget.includes(step.object()) && !step.unmodified()) {
                    last = Optional.of(before);
                    break;
                }
                take(step, tree);
                before = step.object().key();
                if (budget.isSpent(tally) && steps.hasNext()) {
                    last = Optional.of(step.object().key());
                    break;
                }
            }
        }
        return new Stored(last, tree.finish(last), tally.plus(tree.tally()));
    }

    /** Looks every object up in the parent, on the thread of the backup, and leaves out what is not wanted. */
    private final class Steps implements Iterator<Step> {
        private final Iterator<Listed> objects;
        private Optional<Step> next = Optional.empty();

        private Steps(Iterator<Listed> objects) {
            this.objects = objects;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && objects.hasNext()) next = step(objects.next());
            return next.isPresent();
        }

        private Optional<Step> step(Listed object) {
            keeping.run(); // there may be nothing for long but what is left out
            if (ownPrefix.filter(object.key()::startsWith).isPresent()) return Optional.empty();
            if (object.standsForFolder())
                return Optional.of(new Step(object, List.of(), Optional.empty(), false, Optional.empty()));
            var path = KeyNames.path(object.key());
            if (object.key().indexOf('\0') >= 0) {
                excludes.skip(object.key(), "its key has a zero byte");
                tally = tally.plus(BucketTally.unreadable());
                return Optional.empty();
            }
            if (excludes.excludes(KeyNames.shown(path))) return Optional.empty();
            var before = before(path);
            return Optional.of(new Step(object, path, before, isUnmodified(object, before), Optional.empty()));
        }

        private boolean isUnmodified(Listed object, Optional<Node> before) {
            return before.filter(node -> ObjectAttributes.isSame(node, object)
                            && node.kind() instanceof Node.File file
                            && writer.holds(file))
                    .isPresent();
        }

        private Optional<Node> before(List<ByteString> path) {
            var found = writer.before(path);
            if (found.filter(node -> node.kind() instanceof Node.Directory).isEmpty()) return found;
            var beside = new ArrayList<>(path);
            beside.set(path.size() - 1, KeyNames.besideFolder(path.getLast()));
            return writer.before(beside);
        }

        @Override
        public Step next() {
            if (!hasNext()) throw new NoSuchElementException();
            var step = next.orElseThrow();
            next = Optional.empty();
            return step;
        }
    }

    /** One that was replaced by a large one is read when it is its turn. */
    private Step fetch(Step step) {
        if (!step.isFetched()) return step;
        return new Step(step.object(), step.path(), step.before(), false, reader.whole(step.object()));
    }

    private void take(Step step, BucketTree tree) throws IOException {
        var object = step.object();
        keeping.run();
        if (object.standsForFolder()) {
            tree.addFolder(object);
        } else if (step.unmodified()) {
            var before = step.before().orElseThrow();
            tree.addFile(object.key(), new Node(step.path().getLast(), before.kind(), before.attributes()));
            tally = tally.plus(BucketTally.unmodified(object.sizeBytes()));
        } else {
            read(step, tree);
        }
        run.report(new Progress(tally.files(), 0, "files", "storing " + object.key()));
    }

    private void read(Step step, BucketTree tree) throws IOException {
        var read = step.read().orElseGet(() -> reader.open(step.object(), false));
        for (var time = 1; ; time++) {
            try {
                switch (read) {
                    case Read.Unreadable(var reason) -> leaveOut(step, reason);
                    case Read.Open open -> store(step, open, tree);
                }
                return;
            } catch (ObjectStream.ReplacedException again) {
                read = time < TIMES
                        ? reader.open(step.object(), true)
                        : new Read.Unreadable("replaced each time it is read");
            }
        }
    }

    private void leaveOut(Step step, String reason) {
        excludes.skip(KeyNames.shown(step.path()), reason);
        tally = tally.plus(BucketTally.unreadable());
    }

    private void store(Step step, Read.Open open, BucketTree tree) throws IOException {
        try (var content = open.content()) {
            var stored = writer.store(content, _ -> keeping.run());
            if (stored.sizeBytes() != open.object().sizeBytes()) {
                throw new IOException("%s has %d bytes in place of %d"
                        .formatted(
                                open.object().key(),
                                stored.sizeBytes(),
                                open.object().sizeBytes()));
            }
            var file = new Node.File(stored.sizeBytes(), stored.blobs());
            var attributes = ObjectAttributes.of(open.object(), step.path(), open.answer());
            tree.addFile(step.object().key(), new Node(step.path().getLast(), file, attributes));
            tally = tally.plus(BucketTally.read(step.before(), file, open.replaced()));
        }
    }
}
