package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson.MarkedPack;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes what no snapshot uses, in the order of section 13: mark, write packs anew, write the index anew, delete the
 * old index, delete packs. A crash at any point loses nothing: the next prune goes on.
 */
public final class Prune {
    private final Repository repository;
    private final PruneOptions options;
    private final Progress progress;
    private final RepositoryLock lock;
    private final Instant now;
    private final BlobIndex index = new BlobIndex();
    private final Map<Id, MarkedPack> marked = new LinkedHashMap<>();
    private final List<Id> indexFiles = new ArrayList<>();
    private final Map<Id, Long> stored = new HashMap<>();
    private long markedNow;
    private long revived;

    private Prune(Repository repository, PruneOptions options, Progress progress, RepositoryLock lock) {
        this.repository = repository;
        this.options = options;
        this.progress = progress;
        this.lock = lock;
        this.now = repository.environment().clock().instant();
    }

    /**
     * Prunes under an exclusive lock.
     *
     * @throws ResticException.Missing if something that is used is not there, or cut off: then nothing is removed
     * @throws ResticException.Locked if a backup runs, or anything else
     */
    public static PruneResult prune(Repository repository, PruneOptions options, Progress progress) {
        try (var lock = repository.lock(RepositoryLock.Kind.EXCLUSIVE)) {
            return new Prune(repository, options, progress, lock).run();
        }
    }

    private PruneResult run() {
        var snapshots = repository.snapshots();
        load();
        var reader = new BlobReader(repository, index);
        var plan = PrunePlan.of(index, reader, snapshots, options.maxUnused(), _ -> step());
        plan.requirePacks(stored);
        var doomed = doomed(plan);
        var freed =
                doomed.stream().mapToLong(pack -> stored.getOrDefault(pack, 0L)).sum();
        var result = new PruneResult(plan.repack().size(), markedNow, revived, doomed.size(), freed);
        if (options.dryRun()) return result;
        repack(plan, reader);
        rewriteIndex(plan, doomed);
        step();
        repository.objects().delete(doomed.stream().map(ObjectStore::packKey).toList());
        return result;
    }

    private void step() {
        progress.start("prune");
        lock.keep();
    }

    /**
     * Live packs first, so that look-ups prefer them; then those marked by an earlier prune, which may be in use again.
     */
    private void load() {
        var seen = new HashSet<Id>();
        for (var named : repository.objects().list("index")) {
            indexFiles.add(named.id());
            repository
                    .indexFiles()
                    .read(
                            named.id(),
                            (pack, blobs) -> {
                                if (seen.add(pack)) index.add(pack, blobs);
                            },
                            pack -> marked.put(pack.id(), pack));
        }
        marked.keySet().removeAll(seen);
        for (var named : repository.objects().list("data")) stored.put(named.id(), named.sizeBytes());
        marked.keySet().removeIf(pack -> !stored.containsKey(pack));
        for (var pack : marked.values()) index.add(pack.id(), pack.blobs());
    }

    /** Packs whose files go now. Also counts what is marked and revived. */
    private List<Id> doomed(PrunePlan plan) {
        var doomed = new ArrayList<Id>();
        var known = new HashSet<Id>();
        for (int number = 0; number < index.packCount(); number++) {
            var pack = index.pack(number);
            known.add(pack);
            boolean dropped = plan.drop().contains(pack);
            if (dropped && expired(pack)) doomed.add(pack);
            else if (dropped && !marked.containsKey(pack)) markedNow++;
            else if (!dropped && marked.containsKey(pack)) revived++;
        }
        stored.keySet().stream().filter(pack -> !known.contains(pack)).forEach(doomed::add);
        doomed.removeIf(pack -> !stored.containsKey(pack));
        return doomed;
    }

    private boolean expired(Id pack) {
        if (options.grace().isZero()) return true;
        var mark = marked.get(pack);
        return mark != null && !mark.time().plus(options.grace()).isAfter(now);
    }

    private void repack(PrunePlan plan, BlobReader reader) {
        try (var writer = BlobWriter.open(repository, new BlobIndex(), options.writer(), () -> {})) {
            for (int pack : plan.repack()) {
                step();
                var key = ObjectStore.packKey(index.pack(pack));
                for (int entry = index.firstEntry(pack); entry < index.endEntry(pack); entry++) {
                    if (!plan.isUsed(entry)) continue;
                    var blob = index.blob(entry);
                    var sealed = repository.objects().range(key, blob.offset(), blob.length());
                    reader.open(index.pack(pack), blob, sealed, 0); // never copy damage
                    writer.storeSealed(blob, sealed);
                    progress.addBytes(blob.plainBytes());
                }
            }
            writer.flush();
        }
    }

    /**
     * Rewrites the index files that name a pack that goes, or have marks; all new ones are there before an old one
     * goes.
     */
    private void rewriteIndex(PrunePlan plan, List<Id> doomed) {
        var output = new IndexRewriter(repository);
        var gone = new HashSet<>(doomed);
        var seen = new HashSet<Id>();
        var replaced = new ArrayList<Id>();
        for (var file : indexFiles) {
            step();
            Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
            var marks = new ArrayList<MarkedPack>();
            repository.indexFiles().read(file, packs::put, marks::add);
            boolean stays = marks.isEmpty()
                    && packs.keySet().stream().noneMatch(pack -> plan.drop().contains(pack) || seen.contains(pack));
            seen.addAll(packs.keySet());
            if (stays) continue;
            replaced.add(file);
            packs.forEach((pack, blobs) -> place(pack, blobs, now, plan, gone, output));
            for (var mark : marks) {
                if (marked.containsKey(mark.id())) place(mark.id(), mark.blobs(), mark.time(), plan, gone, output);
            }
        }
        output.flush();
        step();
        repository
                .objects()
                .delete(replaced.stream()
                        .map(file -> ObjectStore.key("index", file))
                        .toList());
    }

    private static void place(
            Id pack, List<PackedBlob> blobs, Instant since, PrunePlan plan, Set<Id> gone, IndexRewriter output) {
        if (!plan.drop().contains(pack)) output.live(pack, blobs);
        else if (!gone.contains(pack)) output.marked(new MarkedPack(pack, since, blobs));
    }
}
