package dev.holdfast.worker.backup;

import dev.holdfast.job.JobResult;
import dev.holdfast.restic.BlobWriter.Added;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.SnapshotSummary;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of the objects of a bucket, or of a part of it. Sizes are bytes.
 *
 * @param filesRead new and changed ones, and those that turned out to be the same
 * @param filesReplaced after they had been listed: the newer ones were taken
 * @param filesUnreadable left out
 * @param added what the repository did not have
 * @param split whether a folder was so large that it was split
 */
record BucketTally(
        long filesNew,
        long filesChanged,
        long filesUnmodified,
        long bytes,
        long foldersNew,
        long foldersChanged,
        long foldersUnmodified,
        long filesRead,
        long bytesRead,
        long filesReplaced,
        long filesUnreadable,
        Added added,
        boolean split) {

    static final BucketTally NOTHING =
            new BucketTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new Added(0, 0, 0, 0, 0), false);

    private static BucketTally file(
            boolean isNew, boolean isChanged, long size, boolean isRead, long bytesRead, boolean isReplaced) {
        return new BucketTally(
                isNew ? 1 : 0,
                isChanged ? 1 : 0,
                isNew || isChanged ? 0 : 1,
                size,
                0,
                0,
                0,
                isRead ? 1 : 0,
                bytesRead,
                isReplaced ? 1 : 0,
                0,
                NOTHING.added(),
                false);
    }

    static BucketTally unmodified(long sizeBytes) {
        return file(false, false, sizeBytes, false, 0, false);
    }

    static BucketTally read(Optional<Node> before, Node.File file, boolean replaced) {
        var changed = before.isPresent() && !before.get().kind().equals(file);
        return file(before.isEmpty(), changed, file.sizeBytes(), true, file.sizeBytes(), replaced);
    }

    /** A stretch of an object that is counted when its pieces are put together. */
    static BucketTally stretch(long sizeBytes) {
        return new BucketTally(0, 0, 0, 0, 0, 0, 0, 0, sizeBytes, 0, 0, NOTHING.added(), false);
    }

    /** An object whose stretches were read. */
    static BucketTally joined(Optional<Node> before, Node.File file) {
        var changed = before.isPresent() && !before.get().kind().equals(file);
        return file(before.isEmpty(), changed, file.sizeBytes(), true, 0, false);
    }

    static BucketTally unreadable() {
        return new BucketTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, NOTHING.added(), false);
    }

    static BucketTally folder(Optional<Node> before, Node.Directory folder, boolean split) {
        var known = before.isPresent() && before.get().kind() instanceof Node.Directory;
        var same = known && before.get().kind().equals(folder);
        return new BucketTally(
                0, 0, 0, 0, known ? 0 : 1, known && !same ? 1 : 0, same ? 1 : 0, 0, 0, 0, 0, NOTHING.added(), split);
    }

    BucketTally with(Added more) {
        return plus(new BucketTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, more, false));
    }

    BucketTally plus(BucketTally more) {
        return new BucketTally(
                filesNew + more.filesNew,
                filesChanged + more.filesChanged,
                filesUnmodified + more.filesUnmodified,
                bytes + more.bytes,
                foldersNew + more.foldersNew,
                foldersChanged + more.foldersChanged,
                foldersUnmodified + more.foldersUnmodified,
                filesRead + more.filesRead,
                bytesRead + more.bytesRead,
                filesReplaced + more.filesReplaced,
                filesUnreadable + more.filesUnreadable,
                new Added(
                        added.dataBlobs() + more.added.dataBlobs(),
                        added.treeBlobs() + more.added.treeBlobs(),
                        added.dataBytes() + more.added.dataBytes(),
                        added.plainBytes() + more.added.plainBytes(),
                        added.storedBytes() + more.added.storedBytes()),
                split || more.split);
    }

    long files() {
        return filesNew + filesChanged + filesUnmodified;
    }

    JobResult.ShardStored result() {
        return new JobResult.ShardStored(files(), bytes, filesRead, bytesRead, filesReplaced);
    }

    SnapshotSummary summary(Instant start, Instant end) {
        return new SnapshotSummary(
                start,
                end,
                filesNew,
                filesChanged,
                filesUnmodified,
                foldersNew,
                foldersChanged,
                foldersUnmodified,
                added.dataBlobs(),
                added.treeBlobs(),
                added.plainBytes(),
                added.storedBytes(),
                files(),
                bytes);
    }
}
