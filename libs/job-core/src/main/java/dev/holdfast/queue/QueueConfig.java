package dev.holdfast.queue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How queues are consumed and fed. */
@ConfigMapping(prefix = "holdfast.queue")
public interface QueueConfig {

    /** Messages that one queue's consumer works on at the same time. 1 to 1000. */
    @WithDefault("32")
    int slots();

    /** How long one receive call waits for messages. 1 s to 20 s (the SQS limit). */
    @WithDefault("20s")
    Duration waitTime();

    /** How long a received message stays hidden from others; renewed while it is in work. 10 s to 12 h. */
    @WithDefault("45s")
    Duration visibilityTimeout();

    /**
     * How long a deletion, or the event of a job's end, waits for others to share its request; once more as long when
     * some came. 0 to 1 s.
     */
    @WithDefault("100ms")
    Duration deleteWait();

    /**
     * How long a job to queue waits for others to share its request, once more as long when some came; its client waits
     * as long. 0 to 100 ms.
     */
    @WithDefault("5ms")
    Duration sendWait();

    /**
     * At shutdown: how long messages in work may take to finish before they are interrupted and returned. 1 s to 1 h.
     */
    @WithDefault("25s")
    Duration drainTimeout();
}
