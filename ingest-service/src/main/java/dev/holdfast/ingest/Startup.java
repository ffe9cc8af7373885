package dev.holdfast.ingest;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.ingest.access.AccessConfig;
import dev.holdfast.ingest.access.Keys;
import dev.holdfast.ingest.access.Secret;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.resources.Resources;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Readies what the service needs before its first request. */
@Singleton
final class Startup {

    /** The repository that a local installation has from the start. */
    private static final String REPOSITORY = "default";

    void begin(
            @Observes StartupEvent start,
            Resources resources,
            AccessConfig config,
            TenantTable tenants,
            Keys keys,
            Catalog catalog,
            InstantSource clock) {
        resources.prepare();
        config.bootstrapKey().ifPresent(key -> {
            tenants.ensure(config.operatorTenant(), clock.instant());
            keys.ensure(new Secret(key), config.operatorTenant());
            catalog.addRepository(config.operatorTenant(), REPOSITORY, clock.instant());
        });
    }
}
