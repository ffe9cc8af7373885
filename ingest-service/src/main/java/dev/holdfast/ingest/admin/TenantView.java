package dev.holdfast.ingest.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.Quotas;
import dev.holdfast.ingest.access.Tenant;
import dev.holdfast.ingest.quotas.TenantQuotas;
import java.time.Instant;
import java.util.Optional;

/**
 * A tenant in the HTTP API.
 *
 * @param quotas its own
 * @param effectiveQuotas those that hold: its own, and where it has none, those of the configuration
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record TenantView(
        String name,
        State state,
        Instant createdAt,
        Optional<Instant> suspendedAt,
        Quotas quotas,
        Quotas effectiveQuotas) {

    /** How a tenant stands. */
    enum State {
        ACTIVE,
        SUSPENDED
    }

    static TenantView of(Tenant tenant, TenantQuotas quotas) {
        return new TenantView(
                tenant.name(),
                tenant.isSuspended() ? State.SUSPENDED : State.ACTIVE,
                tenant.createdAt(),
                tenant.suspendedAt(),
                tenant.quotas(),
                quotas.of(tenant));
    }
}
