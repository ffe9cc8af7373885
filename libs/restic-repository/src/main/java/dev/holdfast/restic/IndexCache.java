package dev.holdfast.restic;

import dev.holdfast.restic.Repository.LoadedIndex;
import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.Set;

/**
 * The index of one repository for all writers of a process: each reads only the index files that have come since the
 * last one did, and all of them again when some have gone. Given up when memory is short. Thread-safe.
 */
public final class IndexCache {

    private SoftReference<LoadedIndex> kept = new SoftReference<>(null);

    /** The index as it is now. It grows while it is in use, by what others find in newer files. */
    synchronized LoadedIndex load(Repository repository) {
        var listed = repository.indexFiles();
        var before = Optional.ofNullable(kept.get())
                .filter(it -> listed.containsAll(it.files()))
                .orElseGet(() -> new LoadedIndex(new BlobIndex(), Set.of(), true));
        kept = new SoftReference<>(null); // one that is read in part is not kept
        var index = before.index();
        var files =
                repository.readIndexFiles(listed, before.files(), (_, reading) -> reading.run(), index::add, _ -> {});
        var loaded = new LoadedIndex(index, files, true);
        kept = new SoftReference<>(loaded);
        return loaded;
    }
}
