package dev.holdfast.notify.webhook;

import dev.holdfast.outbound.Destination;
import dev.holdfast.outbound.OutboundClient;
import dev.holdfast.outbound.OutboundClient.Called;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.outbound.OutboundResponse;
import dev.holdfast.webhook.WebhookConfig;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Makes one POST. It follows no redirect, and keeps nothing of the answer but its status. */
@Singleton
final class Caller {

    private final OutboundClient client;
    private final WebhookConfig config;
    private final InstantSource clock;

    Caller(Vertx vertx, OutboundGuard guard, WebhookConfig config, InstantSource clock) {
        this.client = new OutboundClient(vertx, guard, config.timeout());
        this.config = config;
        this.clock = clock;
    }

    Answer post(Destination destination, Map<String, String> headers, byte[] body) throws InterruptedException {
        var begun = System.nanoTime();
        return switch (client.post(destination, headers, body, config.timeout())) {
            case Called.Refused(var reason) -> new Answer.Refused(reason);
            case Called.Failed(var why, var reason) -> new Answer.Failed(why, reason);
            case Called.Answered(var response) -> {
                try (response) {
                    yield answer(response, Duration.ofNanos(System.nanoTime() - begun));
                }
            }
        };
    }

    private Answer answer(OutboundResponse response, Duration took) {
        var status = response.status();
        if (status >= 200 && status < 300) return new Answer.Taken(took);
        if (status == 410) return new Answer.Gone();
        var redirect = status >= 300 && status < 400 ? "; redirects are not followed" : "";
        return new Answer.Failed("status", "it answered " + status + redirect, response.retryAfter(clock.instant()));
    }
}
