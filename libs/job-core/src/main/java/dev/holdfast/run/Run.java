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
    private volatile Instant leasedAt;
    private volatile Instant leaseUntil;
    private volatile boolean lost;
    private volatile @Nullable Progress progress;

    Run(Job job, InstantSource clock) {
        this.job = job;
        this.clock = clock;
        this.leasedAt = job.updatedAt();
        this.leaseUntil = job.leaseUntil().orElseThrow();
    }

    /** The job as it was claimed. */
    public Job job() {
        return job;
    }

    /**
     * To be called before an effect that no condition guards, such as a write to S3.
     *
     * @throws LostException when this run's lease is over, so that another may be at work
     */
    public void ensureMine() {
        if (lost || clock.instant().isAfter(leaseUntil)) throw new LostException();
    }

    /** Tells how far the run has come; seen by others with the next heartbeat. */
    public void report(Progress progress) {
        this.progress = progress;
    }

    Optional<Progress> progress() {
        return Optional.ofNullable(progress);
    }

    boolean isHalfOver() {
        var now = clock.instant();
        return Duration.between(leasedAt, now).compareTo(Duration.between(now, leaseUntil)) >= 0;
    }

    void renewed(Instant until) {
        leasedAt = clock.instant();
        leaseUntil = until;
    }

    /** Another run has the job: stops the handler wherever it waits. */
    void lose() {
        lost = true;
        thread.interrupt();
    }

    boolean isLost() {
        return lost;
    }

    /** The job belongs to another run by now; nothing more may be written. */
    public static final class LostException extends RuntimeException {
        public LostException() {
            super("the job belongs to another run by now");
        }
    }
}
