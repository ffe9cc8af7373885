package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt at a job: what its handler sees of the machinery. */
public final class Run {

    private final Job job;
    private final InstantSource clock;
    private final Thread thread = Thread.currentThread();
    private final Instant begunAt;
    private volatile Instant leasedAt;
    private volatile Instant leaseUntil;
    private volatile @Nullable Stop stop;
    private volatile @Nullable Instant stoppedAt;
    private volatile @Nullable Progress progress;

    /** Why a run must not go on. */
    enum Stop {
        /** Another run has the job. */
        LOST,
        /** Its owner has cancelled the job. */
        CANCELLED,
        /** The job's deadline is over. */
        DEADLINE,
        /** It takes longer than its type may. */
        TIME_LIMIT
    }

    Run(Job job, InstantSource clock) {
        this.job = job;
        this.clock = clock;
        this.begunAt = clock.instant();
        this.leasedAt = job.updatedAt();
        this.leaseUntil = job.leaseUntil().orElseThrow();
    }

    /** The job as it was claimed; {@code job().phase()} says which part of it is to be done. */
    public Job job() {
        return job;
    }

    /**
     * To be called before an effect that no condition guards, such as a write to S3.
     *
     * @throws LostException when this run is to stop, or its lease is over so that another may be at work
     */
    public void ensureMine() {
        if (stop != null || leaseIsOver()) throw new LostException();
    }

    /** Tells how far the run has come; seen by others with the next heartbeat. */
    public void report(Progress progress) {
        this.progress = progress;
    }

    Optional<Progress> progress() {
        return Optional.ofNullable(progress).map(reported -> reported.paced(begunAt, clock.instant()));
    }

    boolean leaseIsOver() {
        return clock.instant().isAfter(leaseUntil);
    }

    boolean leaseIsHalfOver() {
        var now = clock.instant();
        return Duration.between(leasedAt, now).compareTo(Duration.between(now, leaseUntil)) >= 0;
    }

    void renewed(Instant until) {
        leasedAt = clock.instant();
        leaseUntil = until;
    }

    /** How long the run has gone on. */
    Duration age() {
        return Duration.between(begunAt, clock.instant());
    }

    /** The reason of time for which the run must not go on, if there is one by now. */
    Optional<Stop> overdue() {
        if (job.spec().deadline().filter(clock.instant()::isAfter).isPresent()) return Optional.of(Stop.DEADLINE);
        return age().compareTo(job.spec().type().timeLimit()) > 0 ? Optional.of(Stop.TIME_LIMIT) : Optional.empty();
    }

    /** Stops the handler wherever it waits. The first reason stands. */
    void stop(Stop reason) {
        if (stop != null) return;
        stop = reason;
        stoppedAt = clock.instant();
        thread.interrupt();
    }

    Optional<Stop> stopped() {
        return Optional.ofNullable(stop);
    }

    /** How long the handler has gone on after it was stopped; zero when it was not. */
    Duration overrun() {
        var since = stoppedAt;
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    /** The job belongs to another run by now, or is to be stopped; nothing more may be written. */
    public static final class LostException extends RuntimeException {
        public LostException() {
            super("the job belongs to another run by now, or is to be stopped");
        }
    }
}
