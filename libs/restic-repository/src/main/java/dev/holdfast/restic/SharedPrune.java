package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson.MarkedPack;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Removes what no snapshot uses while backups go on, for a fleet that knows its own writers. In three steps, with a
 * wait before the second and the third:
 *
 * <ol>
 *   <li>{@link #condemn} finds the packs that are to go. From then on writers must take their blobs for absent
 *       ({@link Repository#avoiding}). Wait until every writer that loaded an index before has ended.
 *   <li>{@link #switchOver} marks again from the snapshots as they are now, writes what is still used anew, and writes
 *       the index without the packs. Wait until every reader that loaded an index before has ended.
 *   <li>{@link #delete} deletes them.
 * </ol>
 *
 * <p>Nothing depends on a clock. Each step may be repeated, and a prune that dies anywhere loses nothing: the next one
 * begins with the first step. Throughout a step somebody holds a shared lock for us.
 */
public final class SharedPrune {
    private final Repository repository;
    private final Set<Id> condemned;
    private final Progress progress;
    private final Runnable keepLock;
    private final BlobIndex index = new BlobIndex();
    private final Map<Id, MarkedPack> marked = new LinkedHashMap<>();
    private final Map<Id, Long> stored = new LinkedHashMap<>();
    private final Set<Id> snapshots = new HashSet<>();
    private Set<Id> indexFiles = Set.of();

    private SharedPrune(Repository repository, Set<Id> condemned, Progress progress, Runnable keepLock) {
        this.repository = repository;
        this.condemned = condemned;
        this.progress = progress;
        this.keepLock = keepLock;
    }

    /**
     * What is to go.
     *
     * @param packs without use, with too little of it, or in no index
     * @param repacked how many of them have blobs that are used, and are to be written anew
     * @param freedBytes the size of the packs, less that of the blobs that are used
     */
    public record Condemned(Set<Id> packs, long repacked, long freedBytes) {
        public Condemned {
            packs = Set.copyOf(packs);
        }
    }

    /**
     * What went out of the index.
     *
     * @param packs their files, to be deleted
     * @param repacked how many of them had blobs that are used, and were written anew
     * @param freedBytes the size of the packs, less what was written anew
     */
    public record Switched(List<Id> packs, long repacked, long freedBytes) {
        public Switched {
            packs = List.copyOf(packs);
        }
    }

    /**
     * The first step; changes nothing.
     *
     * @param maxUnused how much of what stays may be unused, see {@link PruneOptions}
     * @throws ResticException.Missing if something that is used is not there, or cut off: then nothing may be removed
     */
    public static Condemned condemn(Repository repository, double maxUnused, Progress progress, Runnable keepLock) {
        return condemn(repository, maxUnused, progress, keepLock, _ -> {});
    }

    /** The same; {@code live} is told every tree that a snapshot refers to, once. */
    public static Condemned condemn(
            Repository repository, double maxUnused, Progress progress, Runnable keepLock, Consumer<Id> live) {
        return new SharedPrune(repository, Set.of(), progress, keepLock).condemn(maxUnused, live);
    }

    private Condemned condemn(double maxUnused, Consumer<Id> live) {
        var present = load();
        var plan = PrunePlan.of(index, new BlobReader(repository, index), present, maxUnused, tree -> {
            step();
            live.accept(tree);
        });
        plan.requirePacks(stored);
        var packs = new LinkedHashSet<>(plan.drop());
        packs.addAll(unreferenced());
        long used = 0;
        for (int pack : plan.repack()) used += usedBytes(plan, pack);
        return new Condemned(packs, plan.repack().size(), bytes(packs) - used);
    }

    /**
     * The second step.
     *
     * @param alone runs the last part of it, seconds, while nobody has a lock but those who avoid the packs
     * @throws ResticException.Missing if something that is used is not there, or cut off: then nothing was removed
     */
    public static Switched switchOver(
            Repository repository,
            Set<Id> condemned,
            WriterOptions options,
            Progress progress,
            Runnable keepLock,
            Consumer<Runnable> alone) {
        return new SharedPrune(repository, condemned, progress, keepLock).switchOver(options, alone);
    }

    private Switched switchOver(WriterOptions options, Consumer<Runnable> alone) {
        var present = load();
        var reader = new BlobReader(repository, index);
        var plan = PrunePlan.among(condemned, index, reader, present, _ -> step());
        plan.requirePacks(stored);
        long written = repack(plan, reader, options);
        var gone = new ArrayList<Id>();
        alone.accept(() -> {
            rescue(plan);
            rewriteIndex(plan);
            gone.addAll(plan.drop());
            unreferenced().stream().filter(condemned::contains).forEach(gone::add);
        });
        gone.removeIf(pack -> !stored.containsKey(pack));
        return new Switched(gone, plan.repack().size(), bytes(gone) - written);
    }

    /** The third step: deletes what {@link #switchOver} told. */
    public static void delete(Repository repository, List<Id> packs) {
        repository.objects().delete(packs.stream().map(ObjectStore::packKey).toList());
    }

    private void step() {
        progress.start("prune");
        keepLock.run();
    }

    /** Snapshots first, then the index, then the packs: so nothing is taken for unused that is used. */
    private List<StoredSnapshot> load() {
        var present = repository.snapshots();
        present.forEach(it -> snapshots.add(it.id()));
        var seen = new HashSet<Id>();
        var last = new LinkedHashMap<Id, List<PackedBlob>>();
        indexFiles = repository
                .indexFiles()
                .read(
                        (_, reading) -> reading.run(),
                        (pack, blobs) -> {
                            if (!seen.add(pack)) return;
                            if (condemned.contains(pack)) last.put(pack, blobs); // look-ups prefer what stays
                            else index.add(pack, blobs);
                        },
                        pack -> marked.put(pack.id(), pack));
        last.forEach(index::add);
        for (var named : repository.objects().list("data")) stored.put(named.id(), named.sizeBytes());
        marked.keySet().removeIf(pack -> seen.contains(pack) || !stored.containsKey(pack));
        for (var pack : marked.values()) index.add(pack.id(), pack.blobs());
        return present;
    }

    private Set<Id> unreferenced() {
        var packs = new LinkedHashSet<>(stored.keySet());
        for (int pack = 0; pack < index.packCount(); pack++) packs.remove(index.pack(pack));
        return packs;
    }

    private long bytes(Iterable<Id> packs) {
        long bytes = 0;
        for (var pack : packs) bytes += stored.getOrDefault(pack, 0L);
        return bytes;
    }

    private long usedBytes(PrunePlan plan, int pack) {
        long bytes = 0;
        for (int entry = index.firstEntry(pack); entry < index.endEntry(pack); entry++) {
            if (plan.isUsed(entry)) bytes += index.blob(entry).length();
        }
        return bytes;
    }

    private long repack(PrunePlan plan, BlobReader reader, WriterOptions options) {
        if (plan.repack().isEmpty()) return 0;
        try (var writer = BlobWriter.open(repository, new BlobIndex(), options, () -> {})) {
            for (int pack : plan.repack()) {
                var key = ObjectStore.packKey(index.pack(pack));
                for (int entry = index.firstEntry(pack); entry < index.endEntry(pack); entry++) {
                    if (!plan.isUsed(entry)) continue;
                    step();
                    var blob = index.blob(entry);
                    var sealed = repository.objects().range(key, blob.offset(), blob.length());
                    reader.open(index.pack(pack), blob, sealed, 0); // never copy damage
                    writer.storeSealed(blob, sealed);
                    progress.addBytes(blob.plainBytes());
                }
            }
            return writer.flush().storedBytes();
        }
    }

    /** Snapshots that came since, of those who heed nothing, may use what was to go. */
    private void rescue(PrunePlan plan) {
        var late = repository.snapshots().stream()
                .filter(it -> !snapshots.contains(it.id()))
                .toList();
        for (var file : repository.indexFiles().list()) {
            if (indexFiles.contains(file)) continue;
            repository.indexFiles().read(file, index::add, _ -> {});
        }
        plan.rescue(late);
    }

    /**
     * Rewrites the index files that name a pack that goes, or have marks of an earlier prune; all new ones are there
     * before an old one goes.
     */
    private void rewriteIndex(PrunePlan plan) {
        var staying = new HashSet<Id>();
        var replaced =
                indexFiles.stream().filter(file -> !stays(file, plan, staying)).toList();
        var output = new IndexRewriter(repository);
        for (var file : replaced) {
            step();
            repository
                    .indexFiles()
                    .read(
                            file,
                            (pack, blobs) -> {
                                if (!plan.drop().contains(pack) && !staying.contains(pack)) output.live(pack, blobs);
                            },
                            mark -> place(mark, plan, output));
        }
        output.flush();
        step();
        var keys = replaced.stream().map(file -> ObjectStore.key("index", file)).toList();
        repository.objects().delete(keys);
    }

    /** Whether a file needs no change, nor names what one that stays does; a prune that died may have left such. */
    private boolean stays(Id file, PrunePlan plan, Set<Id> staying) {
        step();
        var packs = new HashSet<Id>();
        var marks = new ArrayList<MarkedPack>();
        repository.indexFiles().read(file, (pack, _) -> packs.add(pack), marks::add);
        boolean stays = marks.isEmpty()
                && packs.stream().noneMatch(pack -> plan.drop().contains(pack) || staying.contains(pack));
        if (stays) staying.addAll(packs);
        return stays;
    }

    /** A mark stays as it is; a pack that is used is live again. */
    private void place(MarkedPack mark, PrunePlan plan, IndexRewriter output) {
        if (!marked.containsKey(mark.id()) || plan.drop().contains(mark.id())) return;
        for (int pack = 0; pack < index.packCount(); pack++) {
            if (!index.pack(pack).equals(mark.id())) continue;
            if (plan.isPackUsed(pack)) output.live(mark.id(), mark.blobs());
            else output.marked(mark);
            return;
        }
    }
}
