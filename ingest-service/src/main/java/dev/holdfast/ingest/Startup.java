package dev.holdfast.ingest;

import dev.holdfast.ingest.access.AccessConfig;
import dev.holdfast.ingest.access.AccessTable;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.repositories.KeyUnavailableException;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.resources.Resources;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Readies what the service needs before its first request. */
@Singleton
final class Startup {

    private static final Logger LOG = Logger.getLogger(Startup.class);

    /** The tenant of a local installation, and its repository. */
    private static final String TENANT = "local";

    private static final String REPOSITORY = "default";

    void begin(
            @Observes StartupEvent start,
            Resources resources,
            AccessConfig config,
            AccessTable access,
            Repositories repositories,
            InstantSource clock) {
        resources.prepare();
        config.bootstrapKey().ifPresent(key -> {
            access.add(key, TENANT, EnumSet.allOf(Scope.class), clock.instant());
            if (repositories.find(TENANT, REPOSITORY).isEmpty()) makeRepository(repositories, key);
        });
    }

    /** The key is its recovery password too: both are for this machine alone. */
    private static void makeRepository(Repositories repositories, String key) {
        try {
            repositories.create(TENANT, REPOSITORY, Optional.empty(), REPOSITORY, key);
        } catch (KeyUnavailableException none) {
            LOG.warnf("there is no repository default: %s", none.getMessage());
        }
    }
}
