package dev.holdfast.ingest.uploads;

import dev.holdfast.catalog.Leases;
import dev.holdfast.catalog.Upload;
import dev.holdfast.catalog.Uploads;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.UnreadableJobException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Removes uploads that nobody needs any more. One ingest process at a time does it; that two do is harmless. What a
 * pass does not reach, the next one does.
 */
@Singleton
public final class UploadSweeper {

    private static final Logger LOG = Logger.getLogger(UploadSweeper.class);
    private static final String LEASE = "upload-sweeper";
    private static final int PAGE = 100;
    private static final int STOP_SECONDS = 5;

    private final Uploads uploads;
    private final UploadBucket bucket;
    private final JobTable jobs;
    private final Leases leases;
    private final UploadLimits limits;
    private final UploadsConfig config;
    private final InstantSource clock;
    private final ReentrantLock pass = new ReentrantLock();
    private volatile boolean stopping;

    UploadSweeper(
            Uploads uploads,
            UploadBucket bucket,
            JobTable jobs,
            Leases leases,
            UploadLimits limits,
            UploadsConfig config,
            InstantSource clock) {
        this.uploads = uploads;
        this.bucket = bucket;
        this.jobs = jobs;
        this.leases = leases;
        this.limits = limits;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "{holdfast.uploads.sweep-every}",
            delayed = "{holdfast.uploads.sweep-every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        pass.lock();
        try {
            if (!stopping && leases.hold(LEASE, config.sweepEvery().multipliedBy(3))) sweepDue();
        } catch (SdkException e) {
            LOG.warnf("sweeping uploads failed, and is tried again error=%s", e);
        } finally {
            pass.unlock();
        }
    }

    /** Lets the pass end before the clients are closed. */
    void stop(@Observes ShutdownEvent shutdown) throws InterruptedException {
        stopping = true;
        if (!pass.tryLock(STOP_SECONDS, TimeUnit.SECONDS)) LOG.warn("the sweeper of uploads does not stop");
    }

    private void sweepDue() {
        for (var reminder : uploads.due(clock.instant(), PAGE)) {
            if (stopping) return;
            var entry = uploads.entry(reminder.tenant(), reminder.uploadId());
            if (entry.isEmpty()) {
                uploads.remove(reminder);
            } else {
                look(reminder, entry.get());
            }
        }
    }

    private void look(Uploads.Reminder reminder, Uploads.Entry entry) {
        var upload = entry.upload();
        var wanted = entry.givenUp() ? Optional.<Instant>empty() : wantedUntil(entry);
        if (wanted.isPresent()) {
            uploads.postpone(reminder, wanted.get());
        } else if (uploads.giveUp(entry)) { // else a job has come to use it: the next pass looks again
            bucket.remove(upload);
            uploads.remove(reminder);
            LOG.infof("upload swept uploadId=%s tenant=%s", upload.id(), upload.tenant());
        }
    }

    /** Empty when nobody needs it any more. Parts whose URLs have ended cannot become a file, so nobody needs them. */
    private Optional<Instant> wantedUntil(Uploads.Entry entry) {
        var upload = entry.upload();
        if (upload.parts().isPresent() && !entry.complete()) return Optional.empty();
        var now = clock.instant();
        var end = limits.end(upload.expiresAt());
        return end.isAfter(now) ? Optional.of(end) : usedUntil(upload, now);
    }

    private Optional<Instant> usedUntil(Upload upload, Instant now) {
        return uploads.uses(upload.tenant(), upload.id())
                .map(use -> usedUntil(use, now))
                .filter(now::isBefore)
                .findFirst();
    }

    /** A failed job may be retried for a while. One that is not there may be about to be stored. */
    private Instant usedUntil(Uploads.Use use, Instant now) {
        try {
            return jobs.find(use.job())
                    .map(job -> switch (job.state()) {
                        case SUCCEEDED, CANCELLED -> now;
                        case FAILED -> job.finishedAt().orElse(now).plus(limits.keep());
                        case SCHEDULED, QUEUED, RUNNING, RETRYING, WAITING -> now.plus(limits.shortWhile());
                    })
                    .orElse(use.since().plus(limits.shortWhile()));
        } catch (UnreadableJobException newer) {
            return now.plus(limits.shortWhile());
        }
    }
}
