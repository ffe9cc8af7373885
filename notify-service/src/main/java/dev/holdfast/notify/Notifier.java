package dev.holdfast.notify;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.holdfast.core.Range;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.notify.mail.Postman;
import dev.holdfast.notify.webhook.WebhookHandler;
import dev.holdfast.queue.ConsumerLiveness;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.queue.WithSlots;
import dev.holdfast.resources.Resources;
import dev.holdfast.trace.Tracing;
import dev.holdfast.webhook.WebhookConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.Liveness;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The notifier's life: ready its resources, consume the events, drain. */
@Singleton
final class Notifier {

    private final Resources resources;
    private final Postman postman;
    private final Account account;
    private final List<QueueConsumer> consumers;

    Notifier(
            Resources resources,
            Postman postman,
            SqsClient sqs,
            QueueNames names,
            EventHandler events,
            FeedbackHandler feedback,
            WebhookHandler webhooks,
            Account account,
            QueueConfig queues,
            DeliveryConfig config,
            WebhookConfig calls,
            Metrics metrics,
            Tracing tracing) {
        check(config);
        this.resources = resources;
        this.postman = postman;
        this.account = account;
        this.consumers = List.of(
                new QueueConsumer(sqs, new QueueUrl(sqs, names.events()), events, queues, metrics, tracing),
                new QueueConsumer(sqs, new QueueUrl(sqs, names.mailFeedback()), feedback, queues, metrics, tracing),
                new QueueConsumer(
                        sqs,
                        new QueueUrl(sqs, names.webhooks()),
                        webhooks,
                        new WithSlots(queues, calls.slots()),
                        metrics,
                        tracing));
    }

    private static void check(DeliveryConfig config) {
        Range.check("holdfast.notify.repeat-window", config.repeatWindow(), ofSeconds(1), ofHours(12));
        Range.check("holdfast.notify.burst", config.burst(), 1, 10_000);
        Range.check("holdfast.notify.burst-window", config.burstWindow(), ofSeconds(1), ofHours(12));
        Range.check("holdfast.notify.soft-bounce-pause", config.softBouncePause(), ofMinutes(1), ofDays(30));
        Range.check("holdfast.notify.stop-at-bounces", config.stopAtBounces(), 0.1, 100.0);
        Range.check("holdfast.notify.stop-at-complaints", config.stopAtComplaints(), 0.01, 100.0);
        Range.check("holdfast.notify.stop-sample", config.stopSample(), 1L, 1_000_000L);
        Range.check("holdfast.notify.held-for", config.heldFor(), ofSeconds(1), ofHours(1));
        Range.check("holdfast.notify.every", config.every(), ofSeconds(1), ofMinutes(10));
    }

    @Produces
    @Singleton
    @Liveness
    ConsumerLiveness liveness() {
        return new ConsumerLiveness(consumers);
    }

    void start(@Observes StartupEvent event) {
        resources.prepare();
        if (resources.config().provision()) postman.introduceSender();
        account.look();
        consumers.forEach(QueueConsumer::start);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        QueueConsumer.stopAll(consumers);
        account.leave();
    }
}
