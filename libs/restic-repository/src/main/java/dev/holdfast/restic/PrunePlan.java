package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.PackHeader;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Decides which packs stay, which are written anew, and which go; changes nothing. */
final class PrunePlan {
    private final BlobIndex index;
    private final TreeWalk walk;
    private final Consumer<Id> step;
    private final BitSet used = new BitSet();
    private final List<Integer> repack = new ArrayList<>();
    private final Set<Id> drop = new HashSet<>();

    private PrunePlan(BlobIndex index, BlobReader reader, Consumer<Id> step) {
        this.index = index;
        this.walk = new TreeWalk(index, reader);
        this.step = step;
    }

    /**
     * Marks what the snapshots use.
     *
     * @param step is told every tree that they use, once
     * @throws ResticException.Missing if a used blob is in no index: then nothing may be removed
     */
    static PrunePlan of(
            BlobIndex index, BlobReader reader, List<StoredSnapshot> snapshots, double maxUnused, Consumer<Id> step) {
        var plan = new PrunePlan(index, reader, step);
        plan.mark(snapshots);
        plan.choose(maxUnused);
        return plan;
    }

    /**
     * The same for packs that were chosen before: whatever of them is used is written anew, but for those that are used
     * wholly.
     */
    static PrunePlan among(
            Set<Id> packs, BlobIndex index, BlobReader reader, List<StoredSnapshot> snapshots, Consumer<Id> step) {
        var plan = new PrunePlan(index, reader, step);
        plan.mark(snapshots);
        for (int pack = 0; pack < index.packCount(); pack++) {
            if (packs.contains(index.pack(pack))) plan.chooseUnlessWhole(pack);
        }
        return plan;
    }

    private void chooseUnlessWhole(int pack) {
        boolean anyUsed = isPackUsed(pack);
        int unused = used.nextClearBit(index.firstEntry(pack));
        if (anyUsed && unused >= index.endEntry(pack)) return;
        if (anyUsed) repack.add(pack);
        drop.add(index.pack(pack));
    }

    /** Marks what more snapshots use; packs that were to be dropped stay if that is more than was used of them. */
    void rescue(List<StoredSnapshot> late) {
        var before = (BitSet) used.clone();
        mark(late);
        var more = (BitSet) used.clone();
        more.andNot(before);
        more.stream().forEach(entry -> drop.remove(index.packOf(entry)));
    }

    private void mark(List<StoredSnapshot> snapshots) {
        for (var snapshot : snapshots) {
            use(new BlobKey(BlobType.TREE, snapshot.snapshot().tree()));
            walk.walk(snapshot.snapshot().tree(), new TreeWalk.Visitor() {
                @Override
                public void tree(Id id, List<Node> nodes) {
                    step.accept(id);
                    nodes.forEach(PrunePlan.this::use);
                }

                @Override
                public void unreadable(Id id, ResticException why) {
                    throw why;
                }
            });
        }
    }

    private void use(Node node) {
        switch (node.kind()) {
            case Node.File file -> file.content().forEach(id -> use(new BlobKey(BlobType.DATA, id)));
            case Node.Directory directory -> use(new BlobKey(BlobType.TREE, directory.subtree()));
            case Node.Symlink _, Node.Device _, Node.Fifo _, Node.Socket _ -> {}
        }
    }

    private void use(BlobKey key) {
        int entry = index.find(key);
        if (entry < 0) throw new ResticException.Missing(key + " is used, but in no index: nothing was removed");
        used.set(entry);
    }

    private void choose(double maxUnused) {
        record Partly(int pack, long unusedBytes, long usedBytes) {}
        var partly = new ArrayList<Partly>();
        long usedBytes = 0;
        long unusedBytes = 0;
        for (int pack = 0; pack < index.packCount(); pack++) {
            long packUsed = 0;
            long packUnused = 0;
            for (int entry = index.firstEntry(pack); entry < index.endEntry(pack); entry++) {
                long length = index.blob(entry).length();
                if (used.get(entry)) packUsed += length;
                else packUnused += length;
            }
            usedBytes += packUsed;
            if (packUsed == 0) {
                drop.add(index.pack(pack));
            } else if (packUnused > 0) {
                unusedBytes += packUnused;
                partly.add(new Partly(pack, packUnused, packUsed));
            }
        }
        partly.sort(Comparator.comparingDouble(it -> (double) it.usedBytes / it.unusedBytes));
        double allowed = usedBytes * maxUnused / (1 - maxUnused);
        for (var pack : partly) {
            if (unusedBytes <= allowed) break;
            unusedBytes -= pack.unusedBytes;
            repack.add(pack.pack);
            drop.add(index.pack(pack.pack));
        }
    }

    /**
     * Makes sure of the packs that are used: another copy of what one of them has lost may be in a pack that would go.
     * One that is longer than the index says has what the index does not know of, and has lost nothing.
     *
     * @param stored the packs that are there, with their sizes in bytes
     * @throws ResticException.Missing if one is not among them, or is shorter than the index says
     */
    void requirePacks(Map<Id, Long> stored) {
        for (int pack = 0; pack < index.packCount(); pack++) {
            if (!isPackUsed(pack)) continue;
            var id = index.pack(pack);
            var size = stored.get(id);
            if (size == null)
                throw new ResticException.Missing("pack " + id + " is used, but gone: nothing was removed");
            long byIndex = PackHeader.fileBytes(index.blobsOf(pack));
            if (size < byIndex) {
                throw new ResticException.Missing("pack " + id + " is used, but has " + size + " bytes, by the index "
                        + byIndex + ": nothing was removed");
            }
        }
    }

    /** Numbers of packs in the index, the emptiest first. */
    List<Integer> repack() {
        return repack;
    }

    /** Packs that no index may name any more: unused, or repacked. */
    Set<Id> drop() {
        return drop;
    }

    boolean isUsed(int entry) {
        return used.get(entry);
    }

    /** Whether any blob of the pack is used; says so also of packs that are to be repacked. */
    boolean isPackUsed(int pack) {
        int next = used.nextSetBit(index.firstEntry(pack));
        return next >= 0 && next < index.endEntry(pack);
    }
}
