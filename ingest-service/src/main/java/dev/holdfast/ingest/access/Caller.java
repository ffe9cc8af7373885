package dev.holdfast.ingest.access;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Set;

/**
 * Who makes a request, as its key tells.
 *
 * @param keyPrefix the beginning of the key, which names it and opens nothing; for a token {@code oidc:} and its
 *     subject
 */
public record Caller(String tenant, Set<Scope> scopes, String keyPrefix) implements Principal {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** The caller of the current request; only for operations that need a scope. */
    public static Caller of(SecurityContext security) {
        return (Caller) security.getUserPrincipal();
    }

    @Override
    public String getName() {
        return tenant;
    }
}
