package dev.holdfast.table;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How jobs are kept. */
@ConfigMapping(prefix = "holdfast.jobs")
public interface JobTableConfig {

    /** How long a silent run keeps its job before another may take it over. 10 s to 10 min. */
    @WithDefault("45s")
    Duration lease();

    /** How long a job can still be read after its end; its idempotency key is remembered as long. 1 day to 5 years. */
    @WithDefault("90d")
    Duration retention();
}
