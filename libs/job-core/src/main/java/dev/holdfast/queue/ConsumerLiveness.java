package dev.holdfast.queue;

import java.util.Collection;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Alive as long as the polls of all consumers come back: a pod that listens to nothing is to be replaced. */
public final class ConsumerLiveness implements HealthCheck {

    private final Collection<QueueConsumer> consumers;

    public ConsumerLiveness(Collection<QueueConsumer> consumers) {
        this.consumers = consumers;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("queue-consumers");
        for (var consumer : consumers)
            response.withData(consumer.queue(), consumer.phase().name());
        return response.status(consumers.stream().allMatch(QueueConsumer::isAlive))
                .build();
    }
}
