package dev.holdfast.repositories;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of packs, one a line, in an object beside the repository, where restic never looks. */
public final class PackList {

    private static final String FOLDER = "x-fleet/prunes/";

    private PackList() {}

    /** Stores a list; returns its key. The same list has the same key. */
    public static String store(Storage storage, Collection<Id> packs) {
        var text = packs.stream().map(Id::toHex).sorted().collect(Collectors.joining("\n"));
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var key = FOLDER + Id.hashOf(bytes).toHex();
        try {
            storage.putIfAbsent(key, Content.of(bytes));
            return key;
        } catch (IOException e) {
            throw new ResticException.StorageFailed("write " + key, e);
        }
    }

    /** The packs of a list; empty if it is not there. */
    public static Optional<Set<Id>> read(Storage storage, String key) {
        try {
            var size = storage.size(key);
            if (size < 0) return Optional.empty();
            var text = new String(storage.get(key, 0, Math.toIntExact(size)), StandardCharsets.UTF_8);
            return Optional.of(text.lines().map(Id::parse).collect(Collectors.toSet()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ResticException.StorageFailed("read " + key, e);
        }
    }

    /** Removes a list; one that is not there is no error. */
    public static void remove(Storage storage, String key) {
        remove(storage, List.of(key));
    }

    /** Removes all lists but one, for whoever alone has some. */
    public static void removeOthers(Storage storage, String key) {
        var others = new ArrayList<String>();
        try {
            storage.list(FOLDER.substring(0, FOLDER.length() - 1), object -> {
                if (!object.key().equals(key)) others.add(object.key());
            });
        } catch (IOException e) {
            throw new ResticException.StorageFailed("list " + FOLDER, e);
        }
        if (!others.isEmpty()) remove(storage, others);
    }

    private static void remove(Storage storage, List<String> keys) {
        try {
            storage.delete(keys);
        } catch (IOException e) {
            throw new ResticException.StorageFailed("delete " + keys.getFirst(), e);
        }
    }
}
