package dev.holdfast.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * One message as it was received once.
 *
 * @param receipt names this receipt of it; void once the message became visible again
 * @param receives how often the message was received, this time included
 * @param sentAt when the sender put it on the queue
 * @param traceparent the trace it belongs to; empty when the sender named none
 */
public record Delivery(
        String messageId, String receipt, String body, int receives, Instant sentAt, String traceparent) {

    /** Of the receipt alone, which no other delivery has: a delivery is looked up several times. */
    @Override
    public int hashCode() {
        return receipt.hashCode();
    }

    /** How long ago it was sent, by the clocks of SQS and of this machine. */
    Duration age() {
        return Duration.between(sentAt, Instant.now());
    }
}
