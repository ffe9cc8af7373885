package dev.holdfast.notify.webhook;

import java.time.Duration;
import java.util.Optional;

/** What came of a call. */
sealed interface Answer {

    /** The endpoint took it. */
    record Taken(Duration took) implements Answer {}

    /** The endpoint will never take one again: 410. */
    record Gone() implements Answer {}

    /** The endpoint must not be called. */
    record Refused(String reason) implements Answer {}

    /**
     * It is to be called again.
     *
     * @param why the metric's word for it
     * @param retryAfter how long the endpoint asks to be left in peace
     */
    record Failed(String why, String reason, Optional<Duration> retryAfter) implements Answer {
        Failed(String why, String reason) {
            this(why, reason, Optional.empty());
        }
    }
}
