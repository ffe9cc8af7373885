package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.LockFile;
import dev.holdfast.restic.format.ResticException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A lock object (section 11): several shared ones, or one exclusive. Has no thread of its own: whoever holds it calls
 * {@link #keep} at least every few minutes while it works. Thread-safe.
 */
public final class RepositoryLock implements AutoCloseable {
    /** What a lock keeps away. */
    public enum Kind {
        /** For backup, restore, check, copy, and whatever else only reads and adds. Keeps exclusive ones away. */
        SHARED,
        /** For prune and forget. Keeps every other one away. */
        EXCLUSIVE
    }

    /** A lock that was not refreshed for this long belongs to nobody; it still blocks until it is removed. */
    public static final Duration STALE_AFTER = Duration.ofMinutes(30);

    static final Duration REFRESH_EVERY = Duration.ofMinutes(5);
    static final Duration LOST_AFTER = Duration.ofMinutes(22).plusSeconds(30);
    private static final Duration SETTLE = Duration.ofMillis(200);

    private final Repository repository;
    private final Kind kind;
    private final long announcedNanos;
    private Id object;
    private Instant refreshed;
    private boolean closed;
    /** Not the lock itself: who keeps it does not wait for who confirms it. */
    private final Object confirming = new Object();

    private volatile boolean confirmed;

    private RepositoryLock(Repository repository, Kind kind, Instant now) {
        this.repository = repository;
        this.kind = kind;
        this.refreshed = now;
        this.object = write(now);
        this.announcedNanos = System.nanoTime();
    }

    /**
     * Writes a lock object and takes it back if another one turns out to be there. Takes at least 200 ms.
     *
     * @throws ResticException.Locked if there is one that conflicts, even a stale one
     */
    static RepositoryLock acquire(Repository repository, Kind kind) {
        var lock = announce(repository, kind);
        try {
            lock.confirm(() -> {});
            return lock;
        } catch (ResticException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Writes a lock object. Nothing may be written or deleted before {@link #confirm}, and what was read may be out of
     * date.
     *
     * @throws ResticException.Locked if there is one that conflicts, even a stale one
     */
    static RepositoryLock announce(Repository repository, Kind kind) {
        failOnConflict(repository, kind, Optional.empty());
        return new RepositoryLock(
                repository, kind, repository.environment().clock().instant());
    }

    /**
     * Makes sure that the lock holds, at the first call: waits for the rest of 200 ms after {@link #announce}, looks
     * for other locks again, and calls {@code check}, which looks again at what was read before.
     *
     * @throws ResticException.Locked if there is a lock that conflicts
     */
    void confirm(Runnable check) {
        if (confirmed) return;
        synchronized (confirming) {
            if (confirmed) return;
            settle();
            failOnConflict(repository, kind, Optional.of(object()));
            check.run();
            confirmed = true;
        }
    }

    /** Whoever wrote a lock at the same moment is seen after this, by us or by them. */
    private void settle() {
        try {
            Thread.sleep(SETTLE.minusNanos(System.nanoTime() - announcedNanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResticException.Cancelled();
        }
    }

    private static void failOnConflict(Repository repository, Kind kind, Optional<Id> own) {
        failOnConflict(repository, kind, own.map(Set::of).orElseGet(Set::of));
    }

    /**
     * For a lock that outlives a process, whose holder keeps the names of its objects elsewhere.
     *
     * @param own lock objects that are the caller's
     * @throws ResticException.Locked if there is another one that conflicts, even a stale one
     */
    public static void failOnConflict(Repository repository, Kind kind, Set<Id> own) {
        for (var other : list(repository, own)) {
            if (kind == Kind.EXCLUSIVE || other.lock().exclusive()) {
                throw new ResticException.Locked(other.lock().toString());
            }
        }
    }

    /** A lock object in the repository, maybe a foreign one. */
    public record Held(Id object, LockFile lock) {
        /** Whether its owner has not refreshed it for 30 minutes. */
        public boolean stale(Instant now) {
            return lock.time().plus(STALE_AFTER).isBefore(now);
        }
    }

    /** All locks. One that cannot be read is {@link ResticException.Damaged}, for it may be meant for us. */
    public static List<Held> list(Repository repository) {
        return list(repository, Set.of());
    }

    private static List<Held> list(Repository repository, Set<Id> without) {
        var held = new ArrayList<Held>();
        for (var named : repository.objects().list("locks")) {
            if (named.sizeBytes() == 0 || without.contains(named.id())) continue;
            try {
                var json = repository
                        .objects()
                        .unpacked("locks", named.id(), repository.masterKey(), repository.environment());
                held.add(new Held(named.id(), LockFile.decode(json)));
            } catch (ResticException.Missing e) {
                // released since it was listed
            }
        }
        return held;
    }

    /** Removes the stale locks of crashed processes and returns them. */
    public static List<Held> removeStale(Repository repository) {
        var now = repository.environment().clock().instant();
        var stale = list(repository).stream().filter(it -> it.stale(now)).toList();
        repository
                .objects()
                .delete(stale.stream()
                        .map(it -> ObjectStore.key("locks", it.object()))
                        .toList());
        return stale;
    }

    /** A lock object that is not stored yet, so that its name can be noted before. */
    public static SealedLock seal(Repository repository, Kind kind) {
        return seal(repository, kind, repository.environment().clock().instant());
    }

    /** Stores a lock object. Doing it again changes nothing. */
    public static void store(Repository repository, SealedLock lock) {
        repository.objects().putNamed("locks", lock.sealed().toByteArray());
    }

    /** Removes lock objects that are the caller's; one that is not there is no error. */
    public static void remove(Repository repository, Collection<Id> own) {
        if (own.isEmpty()) return;
        repository
                .objects()
                .delete(own.stream().map(id -> ObjectStore.key("locks", id)).toList());
    }

    private static SealedLock seal(Repository repository, Kind kind, Instant now) {
        var environment = repository.environment();
        var lock = new LockFile(
                now, kind == Kind.EXCLUSIVE, environment.hostname(), environment.username(), environment.pid(), 0, 0);
        var sealed = ObjectStore.sealUnpacked(lock.encode(), repository.masterKey(), environment);
        return new SealedLock(Id.hashOf(sealed), ByteString.of(sealed));
    }

    private Id write(Instant now) {
        var sealed = seal(repository, kind, now);
        store(repository, sealed);
        return sealed.id();
    }

    /**
     * Refreshes the lock if the last time is 5 minutes ago; costs nothing before. A refresh that fails is tried again
     * by the next call.
     *
     * @throws ResticException.LockLost if no refresh succeeded for 22.5 minutes: stop writing
     */
    public synchronized void keep() {
        if (closed) throw new IllegalStateException("the lock was released");
        var now = repository.environment().clock().instant();
        var age = Duration.between(refreshed, now);
        if (age.compareTo(LOST_AFTER) >= 0) throw new ResticException.LockLost("not refreshed since " + refreshed);
        if (age.compareTo(REFRESH_EVERY) < 0) return;
        try {
            var old = object;
            object = write(now);
            refreshed = now;
            repository.objects().delete(List.of(ObjectStore.key("locks", old)));
        } catch (ResticException.StorageFailed e) {
            // The next call tries again; LOST_AFTER bounds how long that may go on.
        }
    }

    /** The name of the current lock object; changes with every refresh. */
    public synchronized Id object() {
        return object;
    }

    /** Removes the lock object. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        repository.objects().delete(List.of(ObjectStore.key("locks", object)));
    }
}
