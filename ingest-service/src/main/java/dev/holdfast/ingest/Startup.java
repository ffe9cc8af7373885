package dev.holdfast.ingest;

import dev.holdfast.ingest.access.AccessConfig;
import dev.holdfast.ingest.access.Keys;
import dev.holdfast.ingest.access.Secret;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.repositories.KeyUnavailableException;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.resources.Resources;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Readies what the service needs before its first request. */
@Singleton
final class Startup {

    private static final Logger LOG = Logger.getLogger(Startup.class);

    /** The repository that a local installation has from the start. */
    private static final String REPOSITORY = "default";

    void begin(
            @Observes StartupEvent start,
            Resources resources,
            AccessConfig config,
            TenantTable tenants,
            Keys keys,
            Repositories repositories,
            InstantSource clock) {
        resources.prepare();
        config.bootstrapKey().ifPresent(key -> {
            tenants.ensure(config.operatorTenant(), clock.instant());
            keys.ensure(new Secret(key), config.operatorTenant());
            makeRepository(repositories, config.operatorTenant(), key);
        });
    }

    /** The key is its recovery password too: both are for this machine alone. */
    private static void makeRepository(Repositories repositories, String tenant, String key) {
        if (repositories.find(tenant, REPOSITORY).isPresent()) return;
        try {
            repositories.create(tenant, REPOSITORY, Optional.empty(), REPOSITORY, key);
        } catch (KeyUnavailableException none) {
            LOG.warnf("there is no repository default: %s", none.getMessage());
        }
    }
}
