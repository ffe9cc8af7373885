package dev.holdfast.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How webhooks are called. */
@ConfigMapping(prefix = "holdfast.webhooks")
public interface WebhookConfig {

    /** Whether a webhook's URL may begin with {@code http://}: for tests, and networks of one's own. */
    @WithDefault("false")
    boolean plain();

    /** How long one call may take, from looking its name up to the status of its answer. 100 ms to 30 s. */
    @WithDefault("10s")
    Duration timeout();

    /** How long after a job's end a call that failed is still repeated. 1 s to 7 d. */
    @WithDefault("24h")
    Duration span();

    /** How soon a call that failed is repeated for the first time; later ones wait longer. 1 s to 1 h. */
    @WithDefault("5s")
    Duration firstRetry();

    /** Calls that one process makes at the same time. 1 to 1000. */
    @WithDefault("128")
    int slots();

    /** How many of these may be of one endpoint; one that keeps failing has a single one. 1 to 1000. */
    @WithDefault("8")
    int slotsPerEndpoint();
}
