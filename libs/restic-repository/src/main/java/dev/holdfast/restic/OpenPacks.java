package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Two packs being filled for each type; every blob goes into a random one, so that the sizes of the pieces of a known
 * file cannot be read off one after another (section 7). Thread-safe.
 */
final class OpenPacks {
    /** An index file with one pack more must not pass 50 000 blobs by much. */
    static final int MAX_BLOBS = 10_000;

    private static final int PACKS_PER_TYPE = 2;

    private final Segments segments = new Segments();
    private final int targetBytes;
    private final RandomGenerator random;
    private final OpenPack[] packs = new OpenPack[BlobType.values().length * PACKS_PER_TYPE];

    OpenPacks(int targetBytes, RandomGenerator random) {
        this.targetBytes = targetBytes;
        this.random = random;
        Arrays.setAll(packs, _ -> new OpenPack(segments));
    }

    /** Adds a sealed blob; returns the pack that is full with it. */
    synchronized Optional<OpenPack> add(BlobKey key, BlobSealer.Sealed sealed) {
        int slot = first(key.type()) + random.nextInt(PACKS_PER_TYPE);
        if (sealed.length() >= targetBytes) {
            var alone = new OpenPack(segments);
            alone.add(key, sealed);
            return Optional.of(alone);
        }
        var pack = packs[slot];
        pack.add(key, sealed);
        if (pack.sizeBytes() < targetBytes && pack.blobCount() < MAX_BLOBS) return Optional.empty();
        packs[slot] = new OpenPack(segments);
        return Optional.of(pack);
    }

    /** Takes what is left; two small packs of a type become one. */
    synchronized List<OpenPack> takeAll() {
        var left = new ArrayList<OpenPack>();
        for (var type : BlobType.values()) {
            int slot = first(type);
            var pack = packs[slot];
            var other = packs[slot + 1];
            if (pack.sizeBytes() + other.sizeBytes() <= targetBytes
                    && pack.blobCount() + other.blobCount() <= MAX_BLOBS) {
                pack.addAll(other);
            } else {
                left.add(other);
            }
            left.add(pack);
            packs[slot] = new OpenPack(segments);
            packs[slot + 1] = new OpenPack(segments);
        }
        left.removeIf(pack -> pack.blobCount() == 0);
        return left;
    }

    private static int first(BlobType type) {
        return switch (type) {
            case DATA -> 0;
            case TREE -> PACKS_PER_TYPE;
        };
    }
}
