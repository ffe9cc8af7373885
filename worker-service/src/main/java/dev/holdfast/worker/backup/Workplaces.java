package dev.holdfast.worker.backup;

import dev.holdfast.core.Range;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Progress;
import dev.holdfast.repositories.FleetLock;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.JobLogs;
import dev.holdfast.repositories.KeyUnavailableException;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.S3Clients.UnusableConnectionException;
import dev.holdfast.repositories.StoredRepository;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.run.Run;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Gives a run its repository: open, under the job's lock, and only so many at a time as there is memory for. What keeps
 * it from that is an outcome.
 */
@Singleton
final class Workplaces {

    private static final Logger LOG = Logger.getLogger(Workplaces.class);

    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(2);
    private static final String NO_ROOM = "waits for other backups of the worker";

    /**
     * How long a run waits here for room: to send it away costs two writes, and there may be thousands of parts. In the
     * order of their coming, so that the parts of large backups do not keep a prune out for as long as there are any.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration WAIT_FOR_LOCK = Duration.ofMinutes(1);

    private final Repositories repositories;
    private final FleetLocks locks;
    private final BackupConfig config;
    private final InstantSource clock;
    private final Semaphore room;

    Workplaces(Repositories repositories, FleetLocks locks, BackupConfig config, InstantSource clock) {
        Range.check("holdfast.backup.at-once", config.atOnce(), 1, 100);
        Range.check("holdfast.backup.keep-logs", config.keepLogs(), Duration.ofHours(1), Duration.ofDays(3_650));
        this.config = config;
        this.clock = clock;
        this.repositories = repositories;
        this.locks = locks;
        this.room = new Semaphore(config.atOnce(), true);
    }

    /** A repository to work in, and what is to be told of that. */
    record Workplace(StoredRepository stored, Repository repository, FleetLock lock, JobLog log) {

        /** To be called often by what is done there: stops a run that has lost its job, and keeps the lock. */
        Runnable keeping(Run run) {
            return () -> {
                run.ensureMine();
                lock.keep();
            };
        }

        /** Tells of the run; {@code unit} is {@code bytes}, or what is counted instead. */
        dev.holdfast.restic.Progress progress(Run run, String unit, String doing) {
            return new dev.holdfast.restic.Progress((files, bytes, current) -> {
                run.ensureMine();
                run.report(new Progress(unit.equals("bytes") ? bytes : files, 0, unit, doing + " " + current));
            });
        }
    }

    /** What is done there. */
    @FunctionalInterface
    interface Work {
        Outcome in(Workplace workplace) throws IOException;
    }

    /**
     * Does the work. The lock stays when that fails, if what it has stored must stay for the next run; and while the
     * work goes on in other jobs.
     */
    Outcome work(Run run, String repository, Work work) throws IOException, InterruptedException {
        return work(run, run.job().id(), repository, work);
    }

    /** Does a part of another job's work, under the lock of that one, which stays whatever comes of the part. */
    Outcome work(Run run, JobId whole, String repository, Work work) throws IOException, InterruptedException {
        if (!room.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) return new Postponed(WAIT_FOR_ROOM, NO_ROOM);
        try {
            var stored = repositories.find(run.job().tenant(), repository);
            if (stored.isEmpty()) {
                return new Rejected("repository-not-found", "There is no repository " + repository + ".");
            }
            return work(run, whole, stored.get(), work);
        } finally {
            room.release();
        }
    }

    private Outcome work(Run run, JobId whole, StoredRepository stored, Work work) throws IOException {
        return usable(() -> {
            var repository = repositories.open(stored);
            run.ensureMine();
            var log = new JobLog(run.job(), clock);
            Outcome outcome;
            try {
                outcome = usable(() -> {
                    if (whole.equals(run.job().id())) {
                        var lock = locks.hold(run.job(), stored.name(), repository);
                        return work(new Workplace(stored, repository, lock, log), work);
                    }
                    var lock = locks.join(run.job().tenant(), whole, stored.name(), repository);
                    return work.in(new Workplace(stored, repository, lock, log));
                });
            } catch (IOException | RuntimeException failed) {
                log.ended(failed);
                store(log, whole, stored, repository);
                throw failed;
            }
            log.ended(outcome);
            store(log, whole, stored, repository);
            return outcome;
        });
    }

    /** The job is none the worse for a log that is lost. */
    private void store(JobLog log, JobId whole, StoredRepository stored, Repository repository) {
        var interrupted = Thread.interrupted(); // by what stops the run, and is seen by its caller
        try {
            JobLogs.store(repositories.storage(stored), repository, whole.toString(), log.name(), log.toByteArray());
        } catch (IOException | SdkException | ResticException | UnusableConnectionException unreachable) {
            LOG.warnf("log of a run not stored jobId=%s error=%s", log.name().job(), unreachable.getMessage());
            if (unreachable.getCause() instanceof AbortedException) interrupted = true;
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Removes logs that are old enough. */
    void sweepLogs(Workplace at) {
        try {
            var swept = JobLogs.sweep(
                    repositories.storage(at.stored()), clock.instant().minus(config.keepLogs()));
            if (swept > 0) at.log().info("old logs removed", Map.of("logs", swept));
        } catch (IOException | ResticException unreachable) {
            LOG.warnf(
                    "old logs of jobs stay repository=%s error=%s", at.stored().name(), unreachable.getMessage());
        }
    }

    /** What is done with a repository that may not be usable. */
    @FunctionalInterface
    private interface Attempt {
        Outcome make() throws IOException;
    }

    private static Outcome usable(Attempt attempt) throws IOException {
        try {
            return attempt.make();
        } catch (KeyUnavailableException noKey) {
            return new Rejected("key-unavailable", noKey.getMessage() + ".");
        } catch (UnusableConnectionException noWay) {
            return new Rejected("connection-unusable", String.valueOf(noWay.getMessage()));
        } catch (ResticException.NotARepository | ResticException.Damaged broken) {
            return new Rejected("repository-damaged", "The repository cannot be used: " + broken.getMessage() + ".");
        } catch (ResticException.Locked maintained) {
            return new Postponed(WAIT_FOR_LOCK, String.valueOf(maintained.getMessage()));
        }
    }

    private static Outcome work(Workplace workplace, Work work) throws IOException {
        var lock = workplace.lock();
        Outcome outcome;
        try {
            outcome = work.in(workplace);
        } catch (IOException | RuntimeException failed) {
            if (!lock.outlives()) releaseAfter(failed, lock);
            throw failed;
        }
        if (!(outcome instanceof FanOut)) lock.release();
        return outcome;
    }

    /** A lock that stays is taken over by the next run of the job, or removed when that has ended. */
    private static void releaseAfter(Exception failed, FleetLock lock) {
        try {
            lock.release();
        } catch (ResticException | SdkException unreachable) {
            failed.addSuppressed(unreachable);
        }
    }
}
