package dev.holdfast.queue;

import java.time.Duration;

/** The same configuration with another number of slots. */
public record WithSlots(QueueConfig other, int slots) implements QueueConfig {

    @Override
    public Duration waitTime() {
        return other.waitTime();
    }

    @Override
    public Duration visibilityTimeout() {
        return other.visibilityTimeout();
    }

    @Override
    public Duration deleteWait() {
        return other.deleteWait();
    }

    @Override
    public Duration sendWait() {
        return other.sendWait();
    }

    @Override
    public Duration drainTimeout() {
        return other.drainTimeout();
    }
}
