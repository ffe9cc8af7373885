package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Two packs being filled for each type; every blob goes into a random one, so that the sizes of the pieces of a known
 * file cannot be read off one after another (section 7). Thread-safe: two threads may fill two packs at once.
 */
final class OpenPacks implements AutoCloseable {
    /** An index file with one pack more must not pass 50 000 blobs by much. */
    static final int MAX_BLOBS = 10_000;

    private static final int PACKS_PER_TYPE = 2;

    private final int targetBytes;
    private final RandomGenerator random;
    private final List<Slot> data;
    private final List<Slot> trees;

    OpenPacks(int targetBytes, RandomGenerator random) {
        this.targetBytes = targetBytes;
        this.random = random;
        this.data = slots();
        this.trees = slots();
    }

    private List<Slot> slots() {
        var slots = new ArrayList<Slot>();
        for (int i = 0; i < PACKS_PER_TYPE; i++) slots.add(new Slot());
        return slots;
    }

    /** Adds a sealed blob; returns the pack that is full with it. */
    Optional<OpenPack> add(BlobKey key, BlobSealer.Sealed sealed) {
        if (sealed.length() >= targetBytes) {
            var alone = new OpenPack();
            alone.add(key, sealed);
            return Optional.of(alone);
        }
        var slots = switch (key.type()) {
            case DATA -> data;
            case TREE -> trees;
        };
        return slots.get(random.nextInt(PACKS_PER_TYPE)).add(key, sealed);
    }

    /** Takes what is left; two small packs of a type become one. Nobody may add at the same time. */
    List<OpenPack> takeAll() {
        var left = new ArrayList<OpenPack>();
        for (var slots : List.of(data, trees)) {
            Optional<OpenPack> small = Optional.empty();
            for (var slot : slots) {
                var pack = slot.take();
                if (pack.isEmpty()) continue;
                if (small.isPresent() && fitTogether(small.get(), pack.get())) {
                    small.get().addAll(pack.get());
                } else {
                    left.add(pack.get());
                    small = pack;
                }
            }
        }
        return left;
    }

    private boolean fitTogether(OpenPack pack, OpenPack other) {
        return pack.sizeBytes() + other.sizeBytes() <= targetBytes && pack.blobCount() + other.blobCount() <= MAX_BLOBS;
    }

    /** Drops what was not taken. */
    @Override
    public void close() {
        for (var slots : List.of(data, trees)) {
            for (var slot : slots) slot.take().ifPresent(OpenPack::close);
        }
    }

    /** The place of one pack, which is made when the first blob comes. */
    private final class Slot {
        private Optional<OpenPack> pack = Optional.empty();

        synchronized Optional<OpenPack> add(BlobKey key, BlobSealer.Sealed sealed) {
            if (pack.isEmpty()) pack = Optional.of(new OpenPack());
            var filling = pack.get();
            filling.add(key, sealed);
            if (filling.sizeBytes() < targetBytes && filling.blobCount() < MAX_BLOBS) return Optional.empty();
            return take();
        }

        synchronized Optional<OpenPack> take() {
            var taken = pack;
            pack = Optional.empty();
            return taken;
        }
    }
}
