package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload.BackupShard.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Cuts the keys of a bucket into ranges of about the same work, and huge objects into pieces.
 *
 * @param objects the most in a range, unless more come later
 * @param bytes the most in a range of several objects
 * @param pieceBytes the size of a piece
 * @param mayBeCut whether a huge object is worth it: one that is not is a part of a range like others
 */
record BucketPlan(int objects, long bytes, long pieceBytes, Predicate<Listed> mayBeCut) {

    /** A job may have 10,000 children; what is beyond is cut by the last of them. */
    private static final int MOST_PARTS = 5_000;

    /** An object of so many pieces is huge. */
    private static final int HUGE = 4;

    /** An object of S3 has 5 TiB at most: beyond that many, pieces are larger. */
    private static final int MOST_PIECES = 1_000;

    /** What one run is to store. */
    record Part(KeyRange range, Optional<Piece> piece) {}

    /** Whether an object of that size is huge. */
    static boolean isHuge(long sizeBytes, long pieceBytes) {
        return sizeBytes >= HUGE * pieceBytes;
    }

    /**
     * The parts, in order: without a gap they make the range. Lists all of it.
     *
     * @param listed is called for each object
     */
    List<Part> parts(Bucket bucket, KeyRange whole, Runnable listed) {
        var parts = new ArrayList<Part>();
        var after = whole.after();
        var before = whole.after();
        var count = 0;
        var size = 0L;
        var keys = bucket.list(whole);
        while (keys.hasNext() && parts.size() < MOST_PARTS - 1) {
            var object = keys.next();
            listed.run();
            var cut = isHuge(object.sizeBytes(), pieceBytes) && mayBeCut.test(object);
            if (count > 0 && (cut || count == objects || size + object.sizeBytes() > bytes)) {
                parts.add(new Part(new KeyRange(after, Optional.of(before)), Optional.empty()));
                after = before;
                count = 0;
                size = 0;
            }
            if (cut) {
                var alone = new KeyRange(after, Optional.of(object.key()));
                for (var piece : pieces(object)) parts.add(new Part(alone, Optional.of(piece)));
                after = object.key();
            } else {
                count++;
                size += object.sizeBytes();
            }
            before = object.key();
        }
        parts.add(new Part(new KeyRange(after, whole.last()), Optional.empty()));
        return parts;
    }

    private List<Piece> pieces(Listed object) {
        var length = Math.max(pieceBytes, Math.ceilDiv(object.sizeBytes(), MOST_PIECES));
        var pieces = new ArrayList<Piece>();
        for (var from = 0L; from < object.sizeBytes(); from += length) {
            pieces.add(new Piece(
                    object.etag(),
                    object.sizeBytes(),
                    object.modified().getEpochSecond(),
                    from,
                    Math.min(object.sizeBytes(), from + length)));
        }
        return pieces;
    }
}
