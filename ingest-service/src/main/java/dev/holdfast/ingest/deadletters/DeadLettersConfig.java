package dev.holdfast.ingest.deadletters;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How dead letters are collected, and sent again. */
@ConfigMapping(prefix = "holdfast.dead-letters")
public interface DeadLettersConfig {

    /** How often each ingest process empties the dead-letter queues. 1 s to 1 h. */
    @WithDefault("10s")
    Duration every();

    /**
     * How long one request to redrive works; what is left then is left for the next. Less than the load balancer waits
     * for an answer. 1 s to 5 min.
     */
    @WithDefault("20s")
    Duration redriveFor();
}
