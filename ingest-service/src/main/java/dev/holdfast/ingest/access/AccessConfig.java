package dev.holdfast.ingest.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Who may call the HTTP API. */
@ConfigMapping(prefix = "holdfast.access")
public interface AccessConfig {

    /**
     * A key with all scopes for the tenant {@code local}, made known at start: {@code hf_}, 8 letters or digits,
     * {@code _}, 43 characters. It is also the recovery password of that tenant's repository {@code default}, made at
     * start. Not for production.
     */
    Optional<String> bootstrapKey();

    /** How long a key is remembered after it was looked up; a revoked key works so long. 0 s to 5 min. */
    @WithDefault("30s")
    Duration cacheFor();
}
