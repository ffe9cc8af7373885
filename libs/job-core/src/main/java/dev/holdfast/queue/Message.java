package dev.holdfast.queue;

import java.time.Duration;

/**
 * A message to send.
 *
 * @param body its text
 * @param group the tenant: SQS fair queues keep one tenant's backlog from holding up the others
 * @param delay how long it stays hidden, 0 to 15 minutes (the SQS limit)
 * @param traceparent the trace it belongs to (W3C Trace Context)
 */
public record Message(String body, String group, Duration delay, String traceparent) {

    /** The longest delay that SQS allows. */
    public static final Duration MAX_DELAY = Duration.ofMinutes(15);

    public Message {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("delay must be 0 to 15 minutes, was " + delay);
        }
    }

    /** The same at another place of its trace. */
    Message within(String place) {
        return place.equals(traceparent) ? this : new Message(body, group, delay, place);
    }
}
