package dev.holdfast.notify;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.notify.mail.Postman;
import dev.holdfast.queue.ConsumerLiveness;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.resources.Resources;
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
    private final QueueConsumer consumer;

    Notifier(
            Resources resources,
            Postman postman,
            SqsClient sqs,
            QueueNames names,
            EventHandler handler,
            QueueConfig queues,
            Metrics metrics) {
        this.resources = resources;
        this.postman = postman;
        this.consumer = new QueueConsumer(sqs, new QueueUrl(sqs, names.events()), handler, queues, metrics);
    }

    @Produces
    @Singleton
    @Liveness
    ConsumerLiveness liveness() {
        return new ConsumerLiveness(List.of(consumer));
    }

    void start(@Observes StartupEvent event) {
        resources.prepare();
        if (resources.config().provision()) postman.introduceSender();
        consumer.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        consumer.stop();
    }
}
