package dev.holdfast.ingest.jobs;

import dev.holdfast.catalog.Uploads;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.Submission;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Accepts jobs: stored first, then queued, and only then promised. */
@Singleton
public final class Submitter {

    private final JobTable table;
    private final Uploads uploads;
    private final JobQueues queues;
    private final MailSettingsTable settings;
    private final Metrics metrics;
    private final InstantSource clock;
    private final RandomGenerator random;

    Submitter(
            JobTable table,
            Uploads uploads,
            JobQueues queues,
            MailSettingsTable settings,
            Metrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.table = table;
        this.uploads = uploads;
        this.queues = queues;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
    }

    /** A promised job. {@code replayed}: an earlier request with the same key had asked for it. */
    public record Promise(Job job, boolean replayed) {}

    /**
     * Stores and queues the job. Under a key it is safe to call again after any failure: a job that was stored but
     * never queued is queued then.
     */
    public Promise submit(
            String tenant, Optional<IdempotencyKey> key, JobSpec spec, String requestHash, String traceparent)
            throws InterruptedException {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var id = key.map(given -> JobId.derived(tenant, given.value())).orElseGet(() -> JobId.timeOrdered(now, random));
        return submit(id, tenant, spec, requestHash, traceparent, now);
    }

    /** The same for a job whose id alone tells what was asked for: called again, whatever the rest, it is a replay. */
    public Promise submit(JobId id, String tenant, JobSpec spec, String traceparent) throws InterruptedException {
        return submit(id, tenant, spec, "", traceparent, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private Promise submit(JobId id, String tenant, JobSpec spec, String requestHash, String traceparent, Instant now)
            throws InterruptedException {
        keepUpload(id, tenant, spec, now);
        var told = spec.told(settings.of(tenant).defaults(), settings.heard(tenant, spec.type()));
        return switch (table.submit(Job.accepted(id, tenant, told, requestHash, traceparent, now))) {
            case Submission.Accepted(var job) -> {
                enqueue(job, now);
                metrics.jobAccepted(spec.type());
                yield new Promise(job, false);
            }
            case Submission.Replayed(var job) -> {
                // Nobody has claimed it yet, so it may be that it was never queued. A second message does no harm.
                if (job.fence() == 0) enqueue(job, now);
                metrics.jobReplayed(spec.type());
                yield new Promise(job, true);
            }
            case Submission.KeyReused() ->
                throw ProblemException.unprocessable(
                        "idempotency-key-reused",
                        "The Idempotency-Key belongs to another request",
                        "This Idempotency-Key was sent before with another body; use a new key for a new job.");
        };
    }

    /** Before the job is there: an upload must not be swept between. One that is gone fails the job. */
    private void keepUpload(JobId id, String tenant, JobSpec spec, Instant now) {
        if (spec.payload() instanceof JobPayload.Backup backup
                && backup.source() instanceof BackupSource.Upload(var uploadId)) {
            uploads.use(tenant, uploadId, id, now);
        }
    }

    /** A job that starts later than a queue can hold its message back gets it shortly before its time. */
    private void enqueue(Job job, Instant now) throws InterruptedException {
        if (job.waitsInTable()) return;
        queues.enqueue(
                job, job.notBefore().map(due -> Duration.between(now, due)).orElse(Duration.ZERO));
    }
}
