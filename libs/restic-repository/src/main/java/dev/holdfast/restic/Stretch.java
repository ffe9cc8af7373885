package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Bytes of a pack that are fetched by one request. */
record Stretch(String pack, int offset, int length) {
    /** What lies between two blobs is fetched with them if it is less: a request costs more. */
    private static final int GAP_BYTES = 16 * 1024;

    /** Of all stretches together; the rest is not foreseen. */
    private static final long MOST_BYTES = 8 << 20;

    boolean holds(String other, int from, int bytes) {
        return from >= offset && (long) from + bytes <= end() && pack.equals(other);
    }

    private long end() {
        return (long) offset + length;
    }

    /** Where blobs lie; those that are in no index are left out. */
    static List<Stretch> of(List<BlobKey> keys, BlobIndex index) {
        var single = new ArrayList<Stretch>();
        long bytes = 0;
        for (var key : new LinkedHashSet<>(keys)) {
            int entry = index.find(key);
            if (entry < 0) continue;
            var blob = index.blob(entry);
            bytes += blob.length();
            if (bytes > MOST_BYTES) break;
            single.add(new Stretch(ObjectStore.packKey(index.packOf(entry)), blob.offset(), blob.length()));
        }
        single.sort(Comparator.comparing(Stretch::pack).thenComparingInt(Stretch::offset));
        return joined(single);
    }

    private static List<Stretch> joined(List<Stretch> sorted) {
        var joined = new ArrayList<Stretch>();
        for (var next : sorted) {
            if (!joined.isEmpty() && joined.getLast().isFollowedBy(next)) {
                var last = joined.removeLast();
                joined.add(new Stretch(last.pack, last.offset, (int) (Math.max(last.end(), next.end()) - last.offset)));
            } else {
                joined.add(next);
            }
        }
        return joined;
    }

    private boolean isFollowedBy(Stretch next) {
        return pack.equals(next.pack) && next.offset <= end() + GAP_BYTES;
    }
}
