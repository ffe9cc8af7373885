package dev.holdfast.ingest.deadletters;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How dead letters are collected. */
@ConfigMapping(prefix = "holdfast.dead-letters")
public interface DeadLettersConfig {

    /** How often each ingest process empties the dead-letter queues. 1 s to 1 h. */
    @WithDefault("10s")
    Duration every();
}
