package dev.holdfast.queue;

/** SQS refused one message of a batch; the others of the batch are not affected. */
public final class NotSentException extends RuntimeException {
    NotSentException(String message) {
        super(message);
    }
}
