package dev.holdfast.notify.webhook;

import dev.holdfast.job.Job;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.mail.Notification;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.mail.NotificationTable.Claim;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.notify.mail.PublicConfig;
import dev.holdfast.outbound.Destination;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.WebhookCall;
import dev.holdfast.trace.Tracing;
import dev.holdfast.webhook.Webhook;
import dev.holdfast.webhook.WebhookConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Tells one event to one webhook, once: claims it, calls, notes what came of it. A notifier that dies between the
 * answer and its note calls once more, under the same {@code webhook-id}.
 */
@Singleton
final class Calls {

    private static final Logger LOG = Logger.getLogger(Calls.class);

    /**
     * A message waits so long by being hidden, and longer by being sent anew with a delay: hidden ones count against
     * the 120,000 that a queue can have in flight, delayed ones do not, and an endpoint may be away for a day.
     */
    private static final Duration BRIEFLY = Duration.ofSeconds(2);

    private final NotificationTable notifications;
    private final JobQueues queues;
    private final MailSettingsTable settings;
    private final Endpoints endpoints;
    private final Caller caller;
    private final Patience patience;
    private final WebhookConfig config;
    private final PublicConfig door;
    private final Metrics metrics;
    private final Tracing tracing;
    private final InstantSource clock;

    Calls(
            NotificationTable notifications,
            JobQueues queues,
            MailSettingsTable settings,
            Endpoints endpoints,
            Caller caller,
            Patience patience,
            WebhookConfig config,
            PublicConfig door,
            Metrics metrics,
            Tracing tracing,
            InstantSource clock) {
        this.notifications = notifications;
        this.queues = queues;
        this.settings = settings;
        this.endpoints = endpoints;
        this.caller = caller;
        this.patience = patience;
        this.config = config;
        this.door = door;
        this.metrics = metrics;
        this.tracing = tracing;
        this.clock = clock;
    }

    /** What becomes of the call's message. */
    Disposition make(WebhookCall call, Job job, Webhook webhook) throws InterruptedException {
        var endpoint = job.tenant() + "/" + webhook.name();
        if (!endpoints.enter(endpoint)) {
            metrics.webhookHeldBack();
            return later(call, job, patience.heldBack(job.updatedAt(), clock.instant()));
        }
        try {
            var wait = claim(call, job, webhook, endpoint);
            return wait.isZero() ? new Delete() : later(call, job, wait);
        } finally {
            endpoints.leave(endpoint);
        }
    }

    private Disposition later(WebhookCall call, Job job, Duration wait) throws InterruptedException {
        if (wait.compareTo(BRIEFLY) <= 0) return new Return(wait);
        queues.callLater(call, job, wait.plusMillis(999)); // SQS counts delays in whole seconds
        return new Delete();
    }

    /** The webhook is there no more; what was begun is noted as never to be done. */
    void withdraw(WebhookCall call, Job job) {
        notifications.withdrawCall(subject(call, job), call.webhook(), "the webhook was deleted");
    }

    private static Notification.Subject subject(WebhookCall call, Job job) {
        var about = "webhook#job#%s#%s#%d".formatted(call.job(), call.state(), call.fence());
        var id = Optional.of(job.id().toString());
        return new Notification.Subject(job.tenant(), id, Notification.WEBHOOK, about, call.fence());
    }

    /** How long to wait before another look; zero when nothing is left to do. */
    private Duration claim(WebhookCall call, Job job, Webhook webhook, String endpoint) throws InterruptedException {
        var destination = Destination.of(webhook.url(), true);
        return switch (notifications.claimCall(subject(call, job), webhook.name(), destination.shown())) {
            case Claim.Settled() -> Duration.ZERO;
            case Claim.Busy(var until) ->
                Duration.between(clock.instant(), until).plusSeconds(1);
            case Claim.Mine mine -> {
                var objection = objection(call, job, webhook, destination);
                if (objection.isPresent()) yield drop(mine, State.SUPPRESSED, objection.get());
                var event = new JobCloudEvent(call, job, door.url());
                var answer = call(mine, event, webhook, destination);
                switch (answer) {
                    case Answer.Taken taken -> endpoints.answered(endpoint, true);
                    case Answer.Failed failed -> endpoints.answered(endpoint, false);
                    case Answer.Gone gone -> {}
                    case Answer.Refused refused -> {}
                }
                yield settle(mine, event, webhook, answer);
            }
        };
    }

    private Optional<String> objection(WebhookCall call, Job job, Webhook webhook, Destination destination) {
        if (!call.isAbout(job)) return Optional.of("the job has moved on");
        if (webhook.disabled().isPresent())
            return Optional.of("the webhook is disabled: " + webhook.disabled().get());
        return destination.secure() || config.plain()
                ? Optional.empty()
                : Optional.of("the operator no longer allows http");
    }

    private Answer call(Claim.Mine mine, JobCloudEvent event, Webhook webhook, Destination destination)
            throws InterruptedException {
        var now = clock.instant();
        var body = event.body();
        var headers = event.headers();
        headers.putAll(Signature.headers(webhook.secretsAt(now), event.id(), now, body));
        headers.put("user-agent", "Holdfast-Webhooks/1");
        var post = tracing.call("POST")
                .with("http.request.method", "POST")
                .with("server.address", destination.host())
                .with("server.port", destination.port());
        var here = post.traceparent("");
        if (!here.isEmpty()) headers.put("traceparent", here);
        try {
            return post.around(() -> {
                var answer = caller.post(destination, headers, body);
                if (answer instanceof Answer.Failed failed) post.failed(failed.why());
                return answer;
            });
        } catch (InterruptedException stop) {
            notifications.release(mine, "the notifier was stopped");
            throw stop;
        }
    }

    private Duration settle(Claim.Mine mine, JobCloudEvent event, Webhook webhook, Answer answer) {
        return switch (answer) {
            case Answer.Taken(var took) -> {
                notifications.settle(mine, State.DELIVERED, "");
                metrics.webhookDelivered(took);
                yield Duration.ZERO;
            }
            case Answer.Gone() -> {
                disable(mine.subject().tenant(), webhook);
                yield drop(mine, State.REFUSED, "it answered 410: the webhook is disabled");
            }
            case Answer.Refused(var reason) -> {
                metrics.webhookFailed("address");
                yield drop(mine, State.REFUSED, reason);
            }
            case Answer.Failed failed -> failed(mine, event, failed);
        };
    }

    private Duration failed(Claim.Mine mine, JobCloudEvent event, Answer.Failed failed) {
        metrics.webhookFailed(failed.why());
        var now = clock.instant();
        var wait = patience.next(event.time(), now, failed.retryAfter());
        if (wait.isEmpty()) {
            return drop(mine, State.REFUSED, "given up after %s: %s".formatted(config.span(), failed.reason()));
        }
        notifications.postpone(mine, now.plus(wait.get()), failed.reason());
        return wait.get();
    }

    private Duration drop(Claim.Mine mine, State state, String reason) {
        notifications.settle(mine, state, reason);
        metrics.webhookDropped(state.wireName());
        LOG.warnf(
                "webhook not called jobId=%s webhook=%s state=%s error=%s",
                mine.subject().job().orElse(""), mine.recipient(), state.wireName(), reason);
        return Duration.ZERO;
    }

    /** As long as it is as it was called: it may have been given another URL meanwhile. */
    private void disable(String tenant, Webhook gone) {
        settings.changeWebhooks(
                tenant,
                all -> all.stream()
                        .map(some ->
                                some.name().equals(gone.name()) && some.url().equals(gone.url())
                                        ? some.disabled("its endpoint answered 410 Gone")
                                        : some)
                        .toList());
        metrics.webhookDisabled();
    }
}
