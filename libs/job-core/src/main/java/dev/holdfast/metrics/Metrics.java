package dev.holdfast.metrics;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * All metrics in one place, so that an operator reads them as a list. Prometheus shows them with {@code _total} or
 * {@code _seconds} behind their names.
 */
public final class Metrics {

    private final MeterRegistry registry;

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** {@code jobs_accepted_total{type}}: jobs that were stored and queued for the first time. */
    public void jobAccepted(JobType type) {
        count("jobs.accepted", "type", type.wireName());
    }

    /** {@code jobs_replayed_total{type}}: requests that were answered with the job of an earlier one. */
    public void jobReplayed(JobType type) {
        count("jobs.replayed", "type", type.wireName());
    }

    /**
     * {@code jobs_started_total{type}} and {@code job_queue_seconds{type}}: runs begun, and the wait before the first.
     */
    public void jobStarted(Job job) {
        count("jobs.started", "type", job.spec().type().wireName());
        if (job.fence() == 1) time("job.queue", job, Optional.of(job.createdAt()), job.startedAt());
    }

    /**
     * {@code jobs_finished_total{type,state}}, {@code job_run_seconds{type}} (first start to end) and
     * {@code job_end_to_end_seconds{type}} (acceptance to end).
     */
    public void jobFinished(Job job) {
        count(
                "jobs.finished",
                "type",
                job.spec().type().wireName(),
                "state",
                job.state().name());
        time("job.run", job, job.startedAt(), job.finishedAt());
        time("job.end.to.end", job, Optional.of(job.createdAt()), job.finishedAt());
    }

    /** {@code job_attempts_failed_total{type}}: attempts that ended in a surprise and will be repeated. */
    public void attemptFailed(JobType type) {
        count("job.attempts.failed", "type", type.wireName());
    }

    /** {@code claims_lost_total}: messages whose job was held by another run, or not due. */
    public void claimLost() {
        count("claims.lost");
    }

    /** {@code duplicates_absorbed_total}: messages whose job had already ended. */
    public void duplicateAbsorbed() {
        count("duplicates.absorbed");
    }

    /** {@code fence_rejections_total}: writes of a run that had lost its job, refused by the table. */
    public void fenceRejected() {
        count("fence.rejections");
    }

    /** {@code messages_set_aside_total{queue}}: messages that no handler could read. */
    public void messageSetAside(String queue) {
        count("messages.set.aside", "queue", queue);
    }

    /** {@code messages_received_total{queue}} and {@code empty_receives_total{queue}}. */
    public void received(String queue, int messages) {
        if (messages == 0) count("empty.receives", "queue", queue);
        else registry.counter("messages.received", "queue", queue).increment(messages);
    }

    /** {@code heartbeats_failed_total{queue}}: messages whose time in work could not be extended. */
    public void heartbeatFailed(String queue) {
        count("heartbeats.failed", "queue", queue);
    }

    /** {@code slots_busy{queue}}: messages in work right now. */
    public void slotsBusy(String queue, IntSupplier busy) {
        Gauge.builder("slots.busy", busy, IntSupplier::getAsInt)
                .tag("queue", queue)
                .strongReference(true)
                .register(registry);
    }

    /** {@code mails_sent_total{mail}}: mails that SES took. */
    public void mailSent(String mail) {
        count("mails.sent", "mail", mail);
    }

    /** {@code mails_absorbed_total}: events whose mail had already been sent. */
    public void mailAbsorbed() {
        count("mails.absorbed");
    }

    private void count(String name, String... tags) {
        registry.counter(name, tags).increment();
    }

    private void time(String name, Job job, Optional<Instant> from, Optional<Instant> to) {
        if (from.isEmpty() || to.isEmpty()) return;
        registry.timer(name, "type", job.spec().type().wireName()).record(Duration.between(from.get(), to.get()));
    }
}
