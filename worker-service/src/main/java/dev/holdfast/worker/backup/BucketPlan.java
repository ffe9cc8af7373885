package dev.holdfast.worker.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts the keys of a bucket into ranges of about the same work. */
final class BucketPlan {

    /** A job may have 10,000 children; what is beyond is cut by the last of them. */
    private static final int MOST_RANGES = 5_000;

    private BucketPlan() {}

    /**
     * The ranges, in order: without a gap they make the one given. Lists all of it.
     *
     * @param objects the most in a range, unless more come later
     * @param bytes the most in a range of several objects
     * @param listed is called for each object
     */
    static List<KeyRange> ranges(Bucket bucket, KeyRange whole, int objects, long bytes, Runnable listed) {
        var ranges = new ArrayList<KeyRange>();
        var after = whole.after();
        var before = whole.after();
        var count = 0;
        var size = 0L;
        var keys = bucket.list(whole);
        while (keys.hasNext() && ranges.size() < MOST_RANGES - 1) {
            var object = keys.next();
            listed.run();
            if (count == objects || (count > 0 && size + object.sizeBytes() > bytes)) {
                ranges.add(new KeyRange(after, Optional.of(before)));
                after = before;
                count = 0;
                size = 0;
            }
            count++;
            size += object.sizeBytes();
            before = object.key();
        }
        ranges.add(new KeyRange(after, whole.last()));
        return ranges;
    }
}
