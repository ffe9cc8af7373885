package dev.holdfast.queue;

/** What a consumer does with its messages. Called from many threads at once. */
public interface MessageHandler {

    /**
     * Works on one message. May be called again with the same message, after any end.
     *
     * <p>An exception returns the message to the queue; an interrupt means that the service stops or the message was
     * lost.
     */
    Disposition handle(Delivery delivery) throws InterruptedException;

    /**
     * Called from the heartbeat's thread, about every third of the visibility timeout, while the message is in work.
     */
    default void heartbeat(Delivery delivery) {}
}
