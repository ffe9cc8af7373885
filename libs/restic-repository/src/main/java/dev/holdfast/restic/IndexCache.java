package dev.holdfast.restic;

import dev.holdfast.restic.IndexFiles.LoadedIndex;
import dev.holdfast.restic.format.Id;
import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.Set;

/**
 * The index of one repository for all writers of a process: each reads only the index files that have come since the
 * last one did, and all of them again when some have gone. Given up, its heap and its temporary files, when nobody has
 * written with it for a while (on HotSpot about a second for each free MiB of heap) or memory is short. Thread-safe.
 */
public final class IndexCache {

    private SoftReference<BlobIndex> kept = new SoftReference<>(null);
    private Set<Id> files = Set.of();

    /** The index as it is now. It grows while it is in use, by what others find in newer files. */
    synchronized LoadedIndex load(IndexFiles of) {
        var listed = of.list();
        var before = Optional.ofNullable(kept.get()).filter(_ -> listed.containsAll(files));
        kept = new SoftReference<>(null); // one that is read in part is not kept
        var index = before.orElseGet(BlobIndex::new);
        files = of.read(
                listed, before.isPresent() ? files : Set.of(), (_, reading) -> reading.run(), index::add, _ -> {});
        kept = new SoftReference<>(index);
        return new LoadedIndex(index, files, true);
    }
}
