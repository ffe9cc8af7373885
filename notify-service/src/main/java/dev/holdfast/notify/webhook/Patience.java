package dev.holdfast.notify.webhook;

import dev.holdfast.webhook.WebhookConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a call that failed is made again: after about as long as the event is old already, so the waits double, up to an
 * hour; a little sooner or later, so that not all come at the same moment.
 */
@Singleton
final class Patience {

    private static final Duration LONGEST = Duration.ofHours(1);

    /** A wait that an endpoint asks for is cut to this: what a queue can hold a message back. */
    private static final Duration LONGEST_ASKED = Duration.ofHours(11);

    private static final Duration LONGEST_HELD_BACK = Duration.ofMinutes(15);

    private final WebhookConfig config;
    private final RandomGenerator random;

    Patience(WebhookConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    /**
     * How long to wait; empty: it is over.
     *
     * @param event when it happened
     * @param asked how long the endpoint asks to be left in peace
     */
    Optional<Duration> next(Instant event, Instant now, Optional<Duration> asked) {
        var age = Duration.between(event, now);
        if (age.compareTo(config.span()) >= 0) return Optional.empty();
        var wait = longer(config.firstRetry(), shorter(age, LONGEST));
        var jittered = wait.multipliedBy(random.nextLong(800, 1_201)).dividedBy(1_000);
        return Optional.of(longer(jittered, shorter(asked.orElse(Duration.ZERO), LONGEST_ASKED)));
    }

    /** How long a message waits that found the slots of its endpoint taken: the longer, the older its event is. */
    Duration heldBack(Instant event, Instant now) {
        var most = longer(Duration.ofSeconds(2), shorter(Duration.between(event, now), LONGEST_HELD_BACK));
        return Duration.ofMillis(random.nextLong(most.toMillis() / 2, most.toMillis() + 1));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
