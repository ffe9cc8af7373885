package dev.holdfast.ingest.deadletters;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that reached a dead-letter queue.
 *
 * @param id the message's id, by SQS
 * @param sentAt when it was sent to the queue that it was collected from; the same however often it is collected
 * @param truncated whether the body was cut, because it is longer than {@link #MAX_BODY_CHARS}
 * @param reason a sentence, or {@link #RECEIVED_TOO_OFTEN}
 * @param receives how often it had been received
 */
record DeadLetter(
        Origin origin,
        String id,
        Instant sentAt,
        String body,
        boolean truncated,
        String reason,
        Optional<String> traceparent,
        Subject subject,
        Instant setAsideAt,
        int receives) {

    /** What fits into an item of DynamoDB (400 KB), at three bytes each. Messages of our own have some 150. */
    static final int MAX_BODY_CHARS = 100_000;

    /** The reason when SQS itself set the message aside. */
    static final String RECEIVED_TOO_OFTEN = "received too often";

    DeadLetter {
        truncated = truncated || body.length() > MAX_BODY_CHARS;
        if (body.length() > MAX_BODY_CHARS) body = body.substring(0, MAX_BODY_CHARS);
    }

    DeadLetter about(Subject other) {
        return new DeadLetter(origin, id, sentAt, body, truncated, reason, traceparent, other, setAsideAt, receives);
    }
}
