package dev.holdfast.repositories;

import static java.util.stream.Collectors.toSet;

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

    static final Duration REFRESH_EVERY = Duration.ofMinutes(5);
    private static final Duration LOST_AFTER = Duration.ofMinutes(22);

    private final LockTable table;
    private final Repository repository;
    private final String tenant;
    private final String name;
    private final JobId job;
    private final InstantSource clock;
    private final Duration settle;
    private final Set<Id> objects = new HashSet<>();
    private Instant refreshed;
    private boolean outlives;

    FleetLock(
            LockTable table,
            Repository repository,
            String tenant,
            String name,
            JobId job,
            InstantSource clock,
            Duration settle) {
        this.settle = settle;
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

    /** Keeps what is there, refreshed at that time. */
    synchronized FleetLock joined(Set<Id> there, Instant at) {
        objects.addAll(there);
        refreshed = at;
        return this;
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

    /** Looks for locks that keep this one away, but for those of the fleet, whose jobs know of each other. */
    void requireNoForeign(RepositoryLock.Kind kind) {
        try {
            RepositoryLock.failOnConflict(repository, kind, ofTheFleet());
        } catch (ResticException.Locked maybeOfTheFleet) {
            // one that was noted and stored between the two looks is known now
            RepositoryLock.failOnConflict(repository, kind, ofTheFleet());
        }
    }

    private Set<Id> ofTheFleet() {
        return table.all().stream().flatMap(row -> row.objects().stream()).collect(toSet());
    }

    /**
     * Does what nobody outside the fleet may see half done, such as the rewriting of the index, under an exclusive
     * lock. Other jobs of the fleet go on. To take seconds.
     *
     * @throws ResticException.Locked when somebody outside the fleet has a lock; then nothing was done
     */
    public void exclusively(Runnable work) {
        var exclusive = RepositoryLock.seal(repository, RepositoryLock.Kind.EXCLUSIVE);
        table.note(tenant, name, job, exclusive.id(), clock.instant());
        try {
            RepositoryLock.store(repository, exclusive);
            settle(settle);
            requireNoForeign(RepositoryLock.Kind.EXCLUSIVE);
            work.run();
        } finally {
            RepositoryLock.remove(repository, Set.of(exclusive.id()));
            table.forget(job, Set.of(exclusive.id()));
        }
    }

    /** Whoever wrote a lock at the same moment is seen after this, by us or by them. */
    static void settle(Duration settle) {
        try {
            Thread.sleep(settle);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ResticException.Cancelled();
        }
    }

    /** From now on what the run has stored must stay until another run of the job has ended it. */
    public synchronized void outlive() {
        outlives = true;
    }

    /** Nothing that the job has stored so far must stay, should this run fail. As it is at first. */
    public synchronized void endWithRun() {
        outlives = false;
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
