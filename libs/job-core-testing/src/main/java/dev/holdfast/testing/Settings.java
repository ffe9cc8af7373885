package dev.holdfast.testing;

import dev.holdfast.queue.QueueConfig;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.table.JobTableConfig;
import java.time.Duration;

/** The configuration of a workplace: the services' defaults, under names of its own. */
record Settings(String prefix) implements ResourcesConfig, QueueConfig, JobTableConfig {

    @Override
    public String bucket() {
        return prefix + "data";
    }

    @Override
    public boolean provision() {
        return true;
    }

    @Override
    public int slots() {
        return 32;
    }

    @Override
    public Duration waitTime() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration visibilityTimeout() {
        return Duration.ofSeconds(45);
    }

    @Override
    public Duration deleteWait() {
        return Duration.ZERO;
    }

    @Override
    public Duration sendWait() {
        return Duration.ZERO;
    }

    @Override
    public Duration drainTimeout() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration lease() {
        return Duration.ofSeconds(45);
    }

    @Override
    public Duration retention() {
        return Duration.ofDays(90);
    }
}
