package dev.holdfast.metrics;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * All metrics in one place, so that an operator reads them as a list. Prometheus shows them with {@code …_total} or
 * {@code …_seconds} behind their names.
 */
public final class Metrics {

    private final MeterRegistry registry;
    private final MultiGauge backupAge;
    private final MultiGauge backupInterval;
    private final DoubleAdder units = new DoubleAdder();
    private final AtomicLong reconciledAt = new AtomicLong();
    private final AtomicLong overdue = new AtomicLong(-1);
    private final AtomicLong quotaRemaining = new AtomicLong();
    private final AtomicLong mailBlocked = new AtomicLong();
    private final AtomicBoolean mailAccountShown = new AtomicBoolean();
    private final AtomicLong stopped = new AtomicLong(-1);
    private final LongAdder handled = new LongAdder();
    private final Map<String, AtomicLong> backlogs = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> depths = new ConcurrentHashMap<>();

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        this.backupAge = MultiGauge.builder("backup.age").baseUnit("seconds").register(registry);
        this.backupInterval =
                MultiGauge.builder("backup.interval").baseUnit("seconds").register(registry);
        Gauge.builder("cost.units.per.job", this, Metrics::unitsPerJob)
                .strongReference(true)
                .register(registry);
    }

    /**
     * {@code cost_units_per_job}: DynamoDB units that this process has used, by the jobs that it accepted or ended. The
     * price of a job is the sum over ingest and workers.
     */
    private double unitsPerJob() {
        return units.sum() / Math.max(1, handled.sum());
    }

    /** {@code jobs_accepted_total{type}}: jobs that were stored and queued for the first time. */
    public void jobAccepted(JobType type) {
        handled.increment();
        count("jobs.accepted", "type", type.wireName());
    }

    /** {@code quota_refusals_total{quota}}: requests that were refused because a tenant had used up a quota. */
    public void quotaRefused(String quota) {
        count("quota.refusals", "quota", quota);
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
     * {@code jobs_finished_total{type,state}}, {@code job_run_seconds{type}} (first start to end),
     * {@code job_end_to_end_seconds{type}} (acceptance to end) and {@code job_attempts{type}}.
     */
    public void jobFinished(Job job) {
        count(
                "jobs.finished",
                "type",
                job.spec().type().wireName(),
                "state",
                job.state().name());
        handled.increment();
        registry.summary("job.attempts", "type", job.spec().type().wireName()).record(job.attempt());
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

    /** {@code attempts_throttled_total{type}}: runs that met a throttle and were put back, the attempt not counted. */
    public void throttled(JobType type) {
        count("attempts.throttled", "type", type.wireName());
    }

    /** {@code jobs_held_back_total{type}}: messages that found the slots of their type or tenant taken. */
    public void heldBack(JobType type) {
        count("jobs.held.back", "type", type.wireName());
    }

    /** {@code jobs_stuck_total{type}}: handlers that did not heed that they were stopped; their threads are lost. */
    public void jobStuck(JobType type) {
        count("jobs.stuck", "type", type.wireName());
    }

    /** {@code jobs_quarantined_total{type}}: jobs given up because their runs fell silent again and again. */
    public void quarantined(JobType type) {
        count("jobs.quarantined", "type", type.wireName());
    }

    /** {@code leases_lost_total{type}}: runs stopped because their lease could not be renewed. */
    public void leaseLost(JobType type) {
        count("leases.lost", "type", type.wireName());
    }

    /** {@code heartbeats_failed_total{queue}}: messages whose time in work could not be extended. */
    public void heartbeatFailed(String queue) {
        count("heartbeats.failed", "queue", queue);
    }

    /** {@code slots_busy{queue}} and {@code slots{queue}}: messages in work, and how many there may be right now. */
    public void slots(String queue, IntSupplier busy, IntSupplier limit) {
        gauge("slots.busy", queue, busy::getAsInt);
        gauge("slots", queue, limit::getAsInt);
    }

    /** {@code backlog_seconds{queue}}: how long the message that came last had waited for its first receive. */
    public void waited(String queue, Duration wait) {
        backlogs.computeIfAbsent(queue, this::backlog).set(wait.toMillis());
    }

    private AtomicLong backlog(String queue) {
        var millis = new AtomicLong();
        gauge("backlog.seconds", queue, () -> millis.get() / 1000.0);
        return millis;
    }

    /**
     * {@code queue_messages{queue,kind}}: messages that wait ({@code visible}) and messages that are in work or held
     * back ({@code hidden}).
     */
    public void depth(String queue, long visible, long hidden) {
        depths.computeIfAbsent(queue + "/visible", any -> depth(queue, "visible"))
                .set(visible);
        depths.computeIfAbsent(queue + "/hidden", any -> depth(queue, "hidden")).set(hidden);
    }

    private AtomicLong depth(String queue, String kind) {
        var messages = new AtomicLong();
        Gauge.builder("queue.messages", messages, AtomicLong::get)
                .tags("queue", queue, "kind", kind)
                .strongReference(true)
                .register(registry);
        return messages;
    }

    /** {@code sqs_batch_fill{action}}: messages that shared one request. */
    public void batchFilled(String action, int messages) {
        registry.summary("sqs.batch.fill", "action", action).record(messages);
    }

    /**
     * {@code drain_seconds{queue}}, {@code acks_flushed_at_shutdown_total{queue}} and
     * {@code work_interrupted_at_shutdown_total{queue}}.
     *
     * @param inWork messages that were in work when the stop began
     * @param interrupted how many of them had not ended in time
     */
    public void drained(String queue, Duration took, int inWork, int interrupted) {
        registry.timer("drain", "queue", queue).record(took);
        registry.counter("acks.flushed.at.shutdown", "queue", queue).increment(Math.max(0, inWork - interrupted));
        registry.counter("work.interrupted.at.shutdown", "queue", queue).increment(interrupted);
    }

    /** {@code reconciler_lag_seconds}: how long ago jobs without a message were last looked for. */
    public void reconciled(Instant at) {
        if (reconciledAt.getAndSet(at.toEpochMilli()) != 0) return;
        Gauge.builder("reconciler.lag.seconds", () -> (System.currentTimeMillis() - reconciledAt.get()) / 1000.0)
                .strongReference(true)
                .register(registry);
    }

    /** {@code jobs_resent_total{type}}: accepted jobs whose message was missing, or due by now, and was sent again. */
    public void resent(JobType type) {
        count("jobs.resent", "type", type.wireName());
    }

    /**
     * {@code schedule_ticks_total} and {@code schedule_delay_seconds}: times of schedules whose job was asked for, and
     * how long after that time it was. What another process had asked for already is not counted again.
     */
    public void ticked(Duration delay) {
        count("schedule.ticks");
        registry.timer("schedule.delay").record(delay.isNegative() ? Duration.ZERO : delay);
    }

    /** {@code schedules_overdue}: schedules with an {@code expectWithin} whose job has not succeeded within it. */
    public void schedulesOverdue(int schedules) {
        if (overdue.getAndSet(schedules) >= 0) return;
        Gauge.builder("schedules.overdue", overdue, AtomicLong::get)
                .strongReference(true)
                .register(registry);
    }

    /** A plan of backups: when one last succeeded, or the plan was made; and the time from one tick to the next. */
    public record BackupAge(String tenant, String schedule, Instant last, Duration interval) {}

    /**
     * {@code backup_age_seconds{tenant,schedule}}: how long ago a backup of a plan last succeeded;
     * {@code backup_interval_seconds{tenant,schedule}}: the time from one to the next by plan. In the place of all that
     * were told before.
     */
    public void backupAges(List<BackupAge> plans, InstantSource clock) {
        backupAge.register(
                plans.stream()
                        .<MultiGauge.Row<?>>map(plan -> MultiGauge.Row.of(
                                tags(plan),
                                () -> Duration.between(plan.last(), clock.instant())
                                                .toMillis()
                                        / 1000.0))
                        .toList(),
                true);
        backupInterval.register(
                plans.stream()
                        .<MultiGauge.Row<?>>map(plan ->
                                MultiGauge.Row.of(tags(plan), plan.interval().toSeconds()))
                        .toList(),
                true);
    }

    private static Tags tags(BackupAge plan) {
        return Tags.of("tenant", plan.tenant(), "schedule", plan.schedule());
    }

    /** {@code dead_letters_total{queue}}: messages that were set aside for an operator to look at. */
    public void deadLetter(String queue) {
        count("dead.letters", "queue", queue);
    }

    /**
     * {@code sqs_calls_total{action}}, {@code dynamodb_calls_total{action}}, {@code s3_calls_total{action}},
     * {@code sesv2_calls_total{action}}, {@code sns_calls_total{action}}: requests to AWS.
     */
    public void called(String service, String action) {
        count(service.toLowerCase(Locale.ROOT) + ".calls", "action", action);
    }

    /** {@code s3_bytes_total{action,direction}}: content of requests ({@code sent}) and answers ({@code received}). */
    public void transferred(String action, String direction, double bytes) {
        registry.counter("s3.bytes", "action", action, "direction", direction).increment(bytes);
    }

    /** {@code aws_permissions_total{action,resource}}: what IAM was asked by these requests. */
    public void permissionUsed(String action, String resource) {
        count("aws.permissions", "action", action, "resource", resource);
    }

    /** {@code dynamodb_units_total{action}}: capacity that DynamoDB says it has used. */
    public void unitsUsed(String action, double used) {
        units.add(used);
        registry.counter("dynamodb.units", "action", action).increment(used);
    }

    /** {@code mails_sent_total{mail}}: mails that SES took. */
    public void mailSent(String mail) {
        count("mails.sent", "mail", mail);
    }

    /** {@code texts_sent_total{mail}}: text messages that SNS took, by the mail whose place they take. */
    public void textSent(String mail) {
        count("texts.sent", "mail", mail);
    }

    /** {@code mails_absorbed_total}: events whose mail had already been sent. */
    public void mailAbsorbed() {
        count("mails.absorbed");
    }

    /** {@code mails_dropped_total{state}}: mails that were not sent for good, by the state that tells why. */
    public void mailDropped(String state) {
        count("mails.dropped", "state", state);
    }

    /** {@code mails_throttled_total}: sends that SES put off for seconds, and that were repeated. */
    public void mailThrottled() {
        count("mails.throttled");
    }

    /** {@code mail_feedback_total{event}}: what SES told of mails, by kind. */
    public void mailFeedback(String event) {
        count("mail.feedback", "event", event);
    }

    /**
     * {@code mail_quota_remaining} (mails that SES takes within 24 hours), {@code mail_blocked} (1 while none can
     * leave) and {@code mail_rate} (mails a second that this process sends at most).
     */
    public void mailAccount(long remaining, boolean blocked, DoubleSupplier rate) {
        quotaRemaining.set(remaining);
        mailBlocked.set(blocked ? 1 : 0);
        if (mailAccountShown.getAndSet(true)) return;
        gauge("mail.quota.remaining", quotaRemaining::get);
        gauge("mail.blocked", mailBlocked::get);
        gauge("mail.rate", rate);
    }

    /** {@code mail_streams_stopped}: tenants whose mails wait because too many bounced or were complained of. */
    public void streamsStopped(long tenants) {
        if (stopped.getAndSet(tenants) < 0) gauge("mail.streams.stopped", stopped::get);
    }

    /** {@code webhooks_delivered_total} and {@code webhook_call_seconds}: calls that an endpoint took. */
    public void webhookDelivered(Duration took) {
        count("webhooks.delivered");
        registry.timer("webhook.call").record(took);
    }

    /**
     * {@code webhooks_failed_total{why}}: calls that are repeated, or given up: {@code status}, {@code timeout},
     * {@code connection}, {@code name}, {@code address}.
     */
    public void webhookFailed(String why) {
        count("webhooks.failed", "why", why);
    }

    /** {@code webhooks_dropped_total{state}}: events that an endpoint will not hear of, by the state that tells why. */
    public void webhookDropped(String state) {
        count("webhooks.dropped", "state", state);
    }

    /** {@code webhooks_held_back_total}: messages that found the slots of their endpoint taken. */
    public void webhookHeldBack() {
        count("webhooks.held.back");
    }

    /** {@code webhooks_disabled_total}: webhooks that are called no more, since their endpoint said that it is gone. */
    public void webhookDisabled() {
        count("webhooks.disabled");
    }

    /** {@code backup_files_total{did}}: objects of buckets in backups: {@code read}, {@code unmodified} … */
    public void filesBackedUp(String did, long files) {
        registry.counter("backup.files", "did", did).increment((double) files);
    }

    private void gauge(String name, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .strongReference(true)
                .register(registry);
    }

    private void gauge(String name, String queue, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .tag("queue", queue)
                .strongReference(true)
                .register(registry);
    }

    private void count(String name, String... tags) {
        registry.counter(name, tags).increment();
    }

    private void time(String name, Job job, Optional<Instant> from, Optional<Instant> to) {
        if (from.isEmpty() || to.isEmpty()) return;
        registry.timer(name, "type", job.spec().type().wireName()).record(Duration.between(from.get(), to.get()));
    }
}
