package dev.holdfast.restic;

import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The index files of a repository: lists, reads, seals and stores them. Thread-safe.
 *
 * @param condemned packs whose blobs writers take for absent; asked each time an index is loaded to write with
 * @param cache keeps the index to write with
 */
record IndexFiles(
        ObjectStore objects, KeySet masterKey, Environment environment, Supplier<Set<Id>> condemned, IndexCache cache) {

    /** So often index files may be replaced while they are read. */
    private static final int READS = 5;

    IndexFiles avoiding(Supplier<Set<Id>> packs) {
        return new IndexFiles(objects, masterKey, environment, packs, cache);
    }

    IndexFiles sharing(IndexCache other) {
        return new IndexFiles(objects, masterKey, environment, condemned, other);
    }

    Set<Id> list() {
        var files = new LinkedHashSet<Id>();
        for (var named : objects.list("index")) files.add(named.id());
        return files;
    }

    /**
     * An index to write with.
     *
     * @param files where it was read
     * @param whole whether no pack was left out
     */
    record LoadedIndex(BlobIndex index, Set<Id> files, boolean whole) {}

    /**
     * Loads the whole index to write with: about 60 bytes for each blob, in temporary files unless they are few. Others
     * may have the same one: what a writer adds is its own. Snapshots that are to be read must have been listed before.
     */
    BlobIndex load() {
        return loadToWrite().index();
    }

    /** As {@link #load}. */
    LoadedIndex loadToWrite() {
        var avoided = condemned.get();
        if (avoided.isEmpty()) return cache.load(this);
        var index = new BlobIndex();
        var files = read(
                (_, reading) -> reading.run(),
                (pack, blobs) -> {
                    if (!avoided.contains(pack)) index.add(pack, blobs);
                },
                _ -> {});
        return new LoadedIndex(index, files, false);
    }

    /** As {@link #load}, and behind it the packs that are marked for deletion but may still be there. */
    BlobIndex loadForReading() {
        var index = new BlobIndex();
        var marked = new ArrayList<IndexJson.MarkedPack>();
        read((_, reading) -> reading.run(), index::add, marked::add);
        for (var pack : marked) index.add(pack.id(), pack.blobs());
        return index;
    }

    /**
     * Reads all index files. One that is replaced by others meanwhile is read in their shape: a {@link SharedPrune}
     * writes these first. Then a pack may come twice.
     *
     * @param around is given each file with what reads it
     * @return the files
     * @throws ResticException.Missing if files vanish again and again
     */
    Set<Id> read(
            BiConsumer<Id, Runnable> around,
            BiConsumer<Id, List<PackedBlob>> live,
            Consumer<IndexJson.MarkedPack> marked) {
        return read(list(), Set.of(), around, live, marked);
    }

    /** The same for these files, but for those that were read {@code before}, which are among them. */
    Set<Id> read(
            Set<Id> files,
            Set<Id> before,
            BiConsumer<Id, Runnable> around,
            BiConsumer<Id, List<PackedBlob>> live,
            Consumer<IndexJson.MarkedPack> marked) {
        var read = new LinkedHashSet<>(before);
        for (int round = 1; ; round++) {
            var gone = new ArrayList<ResticException.Missing>();
            for (var file : round == 1 ? files : list()) {
                if (!read.add(file)) continue;
                around.accept(file, () -> {
                    try {
                        read(file, live, marked);
                    } catch (ResticException.Missing e) {
                        read.remove(file);
                        gone.add(e);
                    }
                });
            }
            if (gone.isEmpty()) return read;
            if (round == READS) throw gone.getFirst();
        }
    }

    /** Reads one. */
    void read(Id file, BiConsumer<Id, List<PackedBlob>> live, Consumer<IndexJson.MarkedPack> marked) {
        var json = objects.unpacked("index", file, masterKey, environment);
        IndexJson.decode(json, environment.limits().pack(), live, marked);
    }

    SealedIndex seal(byte[] json) {
        var sealed = ObjectStore.sealUnpacked(json, masterKey, environment);
        return new SealedIndex(Id.hashOf(sealed), ByteString.of(sealed));
    }

    Id store(byte[] json) {
        return objects.putNamed("index", ObjectStore.sealUnpacked(json, masterKey, environment));
    }
}
