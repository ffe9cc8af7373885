package dev.holdfast.queue;

import java.util.Optional;

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
     *
     * @return what becomes of the message although its work has not come back: its slot is given to other messages, and
     *     what {@link #handle} returns later has no effect. Empty: nothing yet
     */
    default Optional<Disposition> heartbeat(Delivery delivery) throws InterruptedException {
        return Optional.empty();
    }
}
