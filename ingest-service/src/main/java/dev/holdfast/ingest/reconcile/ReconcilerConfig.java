package dev.holdfast.ingest.reconcile;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How jobs without a message are found. */
@ConfigMapping(prefix = "holdfast.reconciler")
public interface ReconcilerConfig {

    /** How often it looks; one ingest process at a time does. 1 s to 5 min. */
    @WithDefault("30s")
    Duration every();

    /** How old a job is when it is looked at: by then its message has long been sent. 10 s to 1 day. */
    @WithDefault("10m")
    Duration after();
}
