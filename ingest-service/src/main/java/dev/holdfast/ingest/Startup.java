package dev.holdfast.ingest;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.ingest.access.AccessConfig;
import dev.holdfast.ingest.access.AccessTable;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.resources.Resources;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.EnumSet;

/** Readies what the service needs before its first request. */
@Singleton
final class Startup {

    /** The tenant of a local installation, and its repository. */
    private static final String TENANT = "local";

    private static final String REPOSITORY = "default";

    void begin(
            @Observes StartupEvent start,
            Resources resources,
            AccessConfig config,
            AccessTable access,
            Catalog catalog,
            InstantSource clock) {
        resources.prepare();
        config.bootstrapKey().ifPresent(key -> {
            access.add(key, TENANT, EnumSet.allOf(Scope.class), clock.instant());
            catalog.addRepository(TENANT, REPOSITORY, clock.instant());
        });
    }
}
