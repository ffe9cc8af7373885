package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Storage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies a repository as it is, object by object, to another storage: the same keys and passwords open it there. What
 * is there is not copied again, and nothing is ever deleted there. At every moment the copy holds all that its own
 * snapshots need; a first copy is a repository once it is whole. Every object is verified by its name on the way.
 */
public final class Mirror {
    /** In this order, so that nothing refers to what is not there yet. */
    private static final List<String> FOLDERS = List.of("data", "index", "snapshots", "keys");

    /** So often objects may vanish from the source, replaced by others, while they are copied. */
    private static final int PASSES = 5;

    private final Repository source;
    private final ObjectStore target;
    private final int threads;
    private final Progress progress;
    private final Runnable keepLock;
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    private Mirror(Repository source, Storage target, int threads, Progress progress, Runnable keepLock) {
        this.source = source;
        this.target = new ObjectStore(target);
        this.threads = threads;
        this.progress = progress;
        this.keepLock = keepLock;
    }

    /**
     * What was done.
     *
     * @param objects how many the source has, all of which are in the copy
     * @param copied those that were not there before
     */
    public record Report(long objects, long copied, long bytesCopied) {}

    /**
     * Makes the copy complete.
     *
     * @param threads how many objects are copied at a time; each needs the memory of a pack
     * @param keepLock is called often: somebody holds a shared lock in the source for us
     * @throws ResticException.AlreadyExists if another repository is there
     * @throws ResticException.Damaged if an object of the source is not what its name says, or one of the copy has
     *     another size
     */
    public static Report copy(Repository source, Storage target, int threads, Progress progress, Runnable keepLock) {
        return new Mirror(source, target, threads, progress, keepLock).copy();
    }

    private Report copy() {
        var config =
                source.objects().whole("config", source.environment().limits().smallObject());
        if (target.size("config") < 0) return copy(config, keepLock);
        requireOurs(config);
        var there = Repository.open(target.storage(), source.masterKey(), source.environment());
        removeOwnStaleLocks(there);
        try (var lock = there.lock(RepositoryLock.Kind.SHARED)) {
            return copy(config, () -> {
                keepLock.run();
                lock.keep();
            });
        }
    }

    /** A run that died leaves its lock; whatever else is stale is for others to judge. */
    private static void removeOwnStaleLocks(Repository there) {
        var now = there.environment().clock().instant();
        var own = RepositoryLock.list(there).stream()
                .filter(held -> held.stale(now)
                        && held.lock().hostname().equals(there.environment().hostname()))
                .map(RepositoryLock.Held::object)
                .toList();
        RepositoryLock.remove(there, own);
    }

    private Report copy(byte[] config, Runnable keep) {
        for (int pass = 1; ; pass++) {
            try {
                long objects = pass(keep);
                if (target.size("config") < 0) target.put("config", Content.of(config));
                return new Report(objects + 1, copied.get(), bytes.get());
            } catch (ResticException.Missing replaced) {
                if (pass == PASSES) throw replaced;
            }
        }
    }

    private void requireOurs(byte[] config) {
        var there = target.whole("config", source.environment().limits().smallObject());
        if (!Arrays.equals(there, config)) throw new ResticException.AlreadyExists();
    }

    /** Listed are snapshots first and data last: so all that a listed snapshot needs is listed. */
    private long pass(Runnable keep) {
        var wanted = new LinkedHashMap<String, Map<String, Long>>();
        for (var folder : FOLDERS.reversed()) wanted.put(folder, list(source.objects(), folder));
        long objects = 0;
        for (var folder : FOLDERS) {
            var all = wanted.getOrDefault(folder, Map.of());
            copyMissing(all, keep);
            requireAll(all, list(target, folder));
            objects += all.size();
        }
        return objects;
    }

    private static Map<String, Long> list(ObjectStore objects, String folder) {
        var found = new HashMap<String, Long>();
        for (var named : objects.list(folder)) found.put(key(folder, named.id()), named.sizeBytes());
        return found;
    }

    private static String key(String folder, Id id) {
        return folder.equals("data") ? ObjectStore.packKey(id) : ObjectStore.key(folder, id);
    }

    private void copyMissing(Map<String, Long> wanted, Runnable keep) {
        if (wanted.isEmpty()) return;
        var first = wanted.keySet().iterator().next();
        var there = list(target, first.substring(0, first.indexOf('/')));
        try (var workers = new Workers<>("restic-mirror", threads, threads, () -> "")) {
            for (var key : wanted.keySet()) {
                progress.start(key);
                keep.run();
                if (there.containsKey(key)) continue;
                workers.submit(1, _ -> copy(key));
                progress.addBytes(wanted.getOrDefault(key, 0L));
                progress.finishFile();
            }
            workers.await();
        }
    }

    private void copy(String key) {
        var content = source.objects().whole(key, source.environment().limits().pack());
        if (!Id.hashOf(content).toHex().equals(key.substring(key.lastIndexOf('/') + 1))) {
            throw new ResticException.Damaged(key + " does not match its name");
        }
        target.put(key, Content.of(content));
        copied.incrementAndGet();
        bytes.addAndGet(content.length);
    }

    private static void requireAll(Map<String, Long> wanted, Map<String, Long> there) {
        wanted.forEach((key, size) -> {
            var stored = there.getOrDefault(key, -1L);
            if (!stored.equals(size)) {
                throw new ResticException.Damaged(key + " has " + stored + " bytes in the copy, not " + size);
            }
        });
    }
}
