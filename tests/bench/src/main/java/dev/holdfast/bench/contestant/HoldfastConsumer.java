package dev.holdfast.bench.contestant;

import dev.holdfast.trace.Tracing;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.queue.QueueUrl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Holdfast's consumer with a handler that does nothing: no state, no job. */
public final class HoldfastConsumer implements Contestant {

    private final Counting calls = new Counting();
    private final SqsClient sqs = Clients.here().sqs(calls);
    private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
    private final QueueConfig config;
    private @Nullable QueueConsumer consumer;

    private HoldfastConsumer(QueueConfig config) {
        this.config = config;
    }

    /** The argument is the number of slots. */
    public static void main(String[] arguments) throws Exception {
        var config = Settings.of(QueueConfig.class, Map.of("holdfast.queue.slots", arguments[0]));
        Contestant.serve(new HoldfastConsumer(config));
    }

    @Override
    public void start(String queue, Runnable handled) {
        var started = new QueueConsumer(
                sqs,
                new QueueUrl(sqs, queue),
                delivery -> {
                    handled.run();
                    return new Disposition.Delete();
                },
                config,
                metrics,
                Tracing.OFF);
        started.start();
        consumer = started;
    }

    @Override
    public void stop() throws InterruptedException {
        if (consumer != null) consumer.stop();
    }

    @Override
    public Map<String, Double> counts() {
        return calls.counts();
    }
}
