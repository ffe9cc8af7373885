package dev.holdfast.ingest.quotas;

import dev.holdfast.ingest.access.Caller;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Counts every request of a known caller, whatever it asks for. */
@Singleton
final class RateFilter {

    /** Filters are made before there is any configuration. */
    private final Provider<TenantQuotas> quotas;

    RateFilter(Provider<TenantQuotas> quotas) {
        this.quotas = quotas;
    }

    /** After it is known who calls. */
    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    void count(ContainerRequestContext request) {
        if (request.getSecurityContext().getUserPrincipal() instanceof Caller caller) {
            quotas.get().admitRequest(caller.tenant());
        }
    }
}
