package dev.holdfast.ingest.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the HTTP door bears. */
@ConfigMapping(prefix = "holdfast.http")
public interface HttpConfig {

    /**
     * Requests of one tenant that may wait in one process at the same time, by {@code ?wait} or for events. 1 to
     * 100,000.
     */
    @WithDefault("2000")
    int waitingPerTenant();
}
