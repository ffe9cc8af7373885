package dev.holdfast.repositories;

import dev.holdfast.job.JobId;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.RepositoryLock;
import dev.holdfast.restic.SealedLock;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;

/** The lock of a job in a repository. Outlives the run that holds it unless that releases it. Thread-safe. */
public final class FleetLock {

    private static final Duration REFRESH_EVERY = Duration.ofMinutes(5);
    private static final Duration LOST_AFTER = Duration.ofMinutes(22);

    private final LockTable table;
    private final Repository repository;
    private final String tenant;
    private final String name;
    private final JobId job;
    private final InstantSource clock;
    private final Set<Id> objects = new HashSet<>();
    private Instant refreshed;
    private boolean outlives;

    FleetLock(LockTable table, Repository repository, String tenant, String name, JobId job, InstantSource clock) {
        this.table = table;
        this.repository = repository;
        this.tenant = tenant;
        this.name = name;
        this.job = job;
        this.clock = clock;
        this.refreshed = clock.instant();
    }

    /** Puts a fresh lock object in the place of those that are left from before. */
    synchronized void take(Set<Id> left) {
        objects.addAll(left);
        refresh();
    }

    private void refresh() {
        var now = clock.instant();
        SealedLock fresh = RepositoryLock.seal(repository, RepositoryLock.Kind.SHARED);
        var old = Set.copyOf(objects);
        table.note(tenant, name, job, fresh.id(), now);
        objects.add(fresh.id());
        RepositoryLock.store(repository, fresh);
        refreshed = now;
        if (old.isEmpty()) return;
        RepositoryLock.remove(repository, old);
        table.forget(job, old);
        objects.removeAll(old);
    }

    /**
     * Refreshes the lock if the last time is five minutes ago; costs nothing before. To be called often. A refresh that
     * fails is tried again by the next call.
     *
     * @throws ResticException.LockLost if none succeeded for 22 minutes: stop writing
     */
    public synchronized void keep() {
        var age = Duration.between(refreshed, clock.instant());
        if (age.compareTo(REFRESH_EVERY) < 0) return;
        if (age.compareTo(LOST_AFTER) >= 0) throw new ResticException.LockLost("not refreshed since " + refreshed);
        try {
            refresh();
        } catch (ResticException.StorageFailed | SdkException again) {
            // the next call tries again; LOST_AFTER bounds how long that may go on
        }
    }

    synchronized Set<Id> objects() {
        return Set.copyOf(objects);
    }

    /** From now on what the run has stored must stay until another run of the job has ended it. */
    public synchronized void outlive() {
        outlives = true;
    }

    /** Whether the lock must stay although its run fails. */
    public synchronized boolean outlives() {
        return outlives;
    }

    /** The repository is needed no more, at least not by this run. */
    public synchronized void release() {
        RepositoryLock.remove(repository, objects);
        table.release(job, Set.copyOf(objects));
        objects.clear();
    }
}
