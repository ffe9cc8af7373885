package dev.holdfast.bench.spring;

import dev.holdfast.bench.contestant.Contestant;
import dev.holdfast.bench.contestant.Counting;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.config.SqsBootstrapConfiguration;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.awspring.cloud.sqs.listener.acknowledgement.AcknowledgementOrdering;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** A method with {@code @SqsListener}, at Spring Cloud AWS's defaults or tuned. */
public final class SpringContestant implements Contestant {

    private static final Counting CALLS = new Counting();
    private static volatile Runnable handled = () -> {};

    private final boolean tuned;
    private @Nullable AnnotationConfigApplicationContext context;

    private SpringContestant(boolean tuned) {
        this.tuned = tuned;
    }

    /** The argument is {@code default} or {@code tuned}. */
    public static void main(String[] arguments) throws Exception {
        Contestant.serve(new SpringContestant(arguments[0].equals("tuned")));
    }

    @Override
    public void start(String queue, Runnable perMessage) {
        handled = perMessage;
        System.setProperty("bench.queue", queue);
        System.setProperty("bench.tuned", Boolean.toString(tuned));
        context = new AnnotationConfigApplicationContext(Wiring.class);
    }

    @Override
    public void stop() {
        var running = context;
        if (running == null) return;
        running.getBean(MessageListenerContainerRegistry.class).stop();
        running.close();
    }

    @Override
    public Map<String, Double> counts() {
        return CALLS.counts();
    }

    /** What Spring Boot would set up, as far as a listener needs it. */
    @Configuration(proxyBeanMethods = false)
    @Import(SqsBootstrapConfiguration.class)
    static class Wiring {

        @Bean
        SqsAsyncClient sqs() {
            return SqsAsyncClient.builder()
                    .endpointOverride(URI.create(Objects.requireNonNull(System.getenv("AWS_ENDPOINT_URL_SQS"))))
                    .overrideConfiguration(override -> override.addExecutionInterceptor(CALLS))
                    .build();
        }

        @Bean
        SqsMessageListenerContainerFactory<Object> defaultSqsListenerContainerFactory(SqsAsyncClient sqs) {
            return SqsMessageListenerContainerFactory.builder()
                    .sqsAsyncClient(sqs)
                    .configure(options -> {
                        if (!Boolean.getBoolean("bench.tuned")) return;
                        options.maxConcurrentMessages(100)
                                .maxMessagesPerPoll(10)
                                .acknowledgementOrdering(AcknowledgementOrdering.PARALLEL)
                                .acknowledgementThreshold(10)
                                .acknowledgementInterval(Duration.ofMillis(100));
                    })
                    .build();
        }

        @Bean
        Listener listener() {
            return new Listener();
        }
    }

    /** The listener of the race. */
    static class Listener {

        @SqsListener("${bench.queue}")
        void take(String body) {
            handled.run();
        }
    }
}
