package dev.holdfast.ingest.access;

import dev.holdfast.ingest.http.ProblemException;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * How far an admin key reaches: those of the operator's tenant over the whole installation, those of any other over
 * that tenant. What is beyond is not there.
 */
@Singleton
@Startup
public final class Reach {

    private final TenantTable tenants;
    private final String operator;

    /** Throws {@link IllegalArgumentException} naming a setting that is out of form. */
    Reach(TenantTable tenants, AccessConfig config) {
        if (!config.operatorTenant().matches(Tenant.NAME)) {
            throw new IllegalArgumentException("holdfast.access.operator-tenant must be 1 to 63 lower-case letters,"
                    + " digits and dashes, was " + config.operatorTenant());
        }
        this.tenants = tenants;
        this.operator = config.operatorTenant();
    }

    /** Whether it reaches the whole installation. */
    public boolean isOperator(Caller caller) {
        return isOperator(caller.tenant());
    }

    /** Whether keys of that tenant do. */
    public boolean isOperator(String tenant) {
        return tenant.equals(operator);
    }

    /** A problem 403 unless the caller is the operator. */
    public void checkOperator(Caller caller) {
        if (isOperator(caller)) return;
        throw ProblemException.refused(
                "operator-only", "Only the operator may do this", "It needs an admin key of the operator's tenant.");
    }

    /** The tenant of that name; a problem 404 when there is none, or none that the caller reaches. */
    public Tenant tenant(Caller caller, String name) {
        if (!isOperator(caller) && !name.equals(caller.tenant())) throw notFound(name);
        return tenants.find(name).orElseThrow(() -> notFound(name));
    }

    /** The tenant that a query names, or else the caller's own. */
    public Tenant asked(Caller caller, @Nullable String name) {
        return tenant(caller, name == null ? caller.tenant() : name);
    }

    /** There is no such tenant, or none that the caller reaches. */
    public static ProblemException notFound(String name) {
        return ProblemException.notFound("tenant " + name);
    }
}
