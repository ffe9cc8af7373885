package dev.holdfast.ingest.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Who may call the HTTP API. */
@ConfigMapping(prefix = "holdfast.access")
public interface AccessConfig {

    /**
     * A key with all scopes for the operator's tenant, made known at start unless it is known already: {@code hf_}, 8
     * letters or digits, {@code _}, 43 characters. It is the first key of an installation; rotate it. It is also the
     * recovery password of that tenant's repository {@code default}, made at the first start.
     */
    Optional<String> bootstrapKey();

    /**
     * The tenant whose {@code admin} keys administer the whole installation: all tenants, their quotas, keys and
     * records. Those of every other tenant administer that tenant alone. 1 to 63 lower-case letters, digits, dashes.
     */
    @WithDefault("local")
    String operatorTenant();

    /**
     * How long a key, and how its tenant stands, is remembered after it was looked up: so long a revoked key still
     * works. 0 s to 30 s.
     */
    @WithDefault("30s")
    Duration cacheFor();
}
