package dev.holdfast.worker;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.ConsumerLiveness;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.resources.Resources;
import dev.holdfast.run.JobRunner;
import dev.holdfast.trace.Tracing;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.Liveness;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The worker's life: ready its resources, consume its lanes, drain. */
@Singleton
final class Worker {

    private final Resources resources;
    private final List<QueueConsumer> consumers;

    Worker(
            WorkerConfig config,
            Resources resources,
            SqsClient sqs,
            QueueNames names,
            JobRunner runner,
            QueueConfig queues,
            Metrics metrics,
            Tracing tracing) {
        this.resources = resources;
        this.consumers = config.lanes().stream()
                .map(lane ->
                        new QueueConsumer(sqs, new QueueUrl(sqs, names.lane(lane)), runner, queues, metrics, tracing))
                .toList();
    }

    @Produces
    @Singleton
    @Liveness
    ConsumerLiveness liveness() {
        return new ConsumerLiveness(consumers);
    }

    void start(@Observes StartupEvent event) {
        resources.prepare();
        consumers.forEach(QueueConsumer::start);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        QueueConsumer.stopAll(consumers);
    }
}
