package dev.holdfast.restic;

import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Zstd;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Stated;
import dev.holdfast.restic.storage.Storage;
import dev.holdfast.restic.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;

/**
 * The storage as the format sees it: objects named by their hash, whole objects with a limit, unpacked files sealed and
 * compressed (sections 1 and 5). Turns storage errors into {@link ResticException}.
 */
final class ObjectStore {
    private static final byte COMPRESSED = 2;

    private final Storage storage;

    ObjectStore(Storage storage) {
        this.storage = storage;
    }

    Storage storage() {
        return storage;
    }

    static String packKey(Id pack) {
        var hex = pack.toHex();
        return "data/" + hex.substring(0, 2) + "/" + hex;
    }

    static String key(String folder, Id id) {
        return folder + "/" + id.toHex();
    }

    /** An object of a folder that is named by an ID. Others in the folder are not ours and are skipped. */
    record Named(Id id, long sizeBytes) {}

    List<Named> list(String folder) {
        var found = new ArrayList<Named>();
        try {
            storage.list(folder, object -> addIfNamed(object, found));
        } catch (IOException e) {
            throw new ResticException.StorageFailed("list " + folder, e);
        }
        return found;
    }

    private static void addIfNamed(StoredObject object, List<Named> found) {
        var name = object.key().substring(object.key().lastIndexOf('/') + 1);
        if (Id.isId(name)) found.add(new Named(Id.parse(name), object.sizeBytes()));
    }

    /** The size in bytes, or -1 if there is no such object. */
    long size(String key) {
        try {
            return storage.size(key);
        } catch (IOException e) {
            throw new ResticException.StorageFailed("size of " + key, e);
        }
    }

    /** What the store says of an object without sending it; empty if there is none. */
    Optional<Stated> stated(String key) {
        try {
            return storage.stated(key);
        } catch (IOException e) {
            throw new ResticException.StorageFailed("state of " + key, e);
        }
    }

    /** Exactly {@code length} bytes. */
    byte[] range(String key, long offset, int length) {
        var bytes = rangeOrLess(key, offset, length);
        if (bytes.length < length) {
            throw new ResticException.Damaged(
                    key + " ends at " + (offset + bytes.length) + ", needed " + (offset + length));
        }
        return bytes;
    }

    byte[] rangeOrLess(String key, long offset, int length) {
        try {
            return storage.get(key, offset, length);
        } catch (NoSuchFileException e) {
            throw new ResticException.Missing(key);
        } catch (IOException e) {
            throw new ResticException.StorageFailed("read " + key, e);
        }
    }

    /** A whole object of at most {@code limit} bytes. */
    byte[] whole(String key, int limit) {
        var bytes = rangeOrLess(key, 0, limit + 1); // one request, where asking for the size first would be two
        if (bytes.length > limit) throw new ResticException.TooLarge(key, bytes.length, limit);
        return bytes;
    }

    boolean put(String key, Content content) {
        try {
            return storage.putIfAbsent(key, content);
        } catch (IOException e) {
            throw new ResticException.StorageFailed("write " + key, e);
        }
    }

    void delete(List<String> keys) {
        try {
            storage.delete(keys);
        } catch (IOException e) {
            throw new ResticException.StorageFailed("delete " + keys.size() + " objects", e);
        }
    }

    /** Compressed and sealed. Sealing twice gives two names: whoever retries must keep these bytes. */
    static byte[] sealUnpacked(byte[] json, KeySet keys, Environment environment) {
        var zstd = new Zstd(environment.zstd());
        int frameLength = zstd.compress(json, 0, json.length);
        var plain = json;
        if (frameLength > 0) {
            plain = new byte[1 + frameLength];
            plain[0] = COMPRESSED;
            System.arraycopy(zstd.buffer(), 0, plain, 1, frameLength);
        }
        return new Sealer(keys, environment.random()).seal(plain);
    }

    /** The JSON of an unpacked file, after checking its name, its tag and its size. */
    byte[] unpacked(String folder, Id id, KeySet keys, Environment environment) {
        return openUnpacked(folder, id, whole(key(folder, id), limit(folder, environment)), keys, environment);
    }

    private static int limit(String folder, Environment environment) {
        return folder.equals("locks")
                ? environment.limits().smallObject()
                : environment.limits().unpacked();
    }

    /** The same for an object that is at hand. */
    static byte[] openUnpacked(String folder, Id id, byte[] sealed, KeySet keys, Environment environment) {
        var key = key(folder, id);
        if (!Id.hashOf(sealed).equals(id)) throw new ResticException.Damaged(key + " does not match its name");
        var plain = open(key, sealed, keys, environment);
        if (plain.length == 0) throw new ResticException.Damaged(key + " is empty");
        try {
            return switch (plain[0]) {
                case '{', '[' -> plain;
                case COMPRESSED -> Zstd.decompressUnknown(plain, 1, limit(folder, environment));
                default -> throw new ResticException.Damaged("unknown encoding " + plain[0]);
            };
        } catch (ResticException.Damaged e) {
            throw new ResticException.Damaged(key + ": " + e.getMessage(), e);
        }
    }

    static byte[] open(String what, byte[] sealed, KeySet keys, Environment environment) {
        try {
            return new Sealer(keys, environment.random()).open(sealed);
        } catch (AEADBadTagException e) {
            throw new ResticException.Damaged(what + ": " + e.getMessage(), e);
        }
    }

    /** Stores sealed bytes under their hash. */
    Id putNamed(String folder, byte[] sealed) {
        var id = Id.hashOf(sealed);
        put(key(folder, id), Content.of(sealed));
        return id;
    }
}
