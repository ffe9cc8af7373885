package dev.holdfast.ingest.access;

import dev.holdfast.ingest.http.ProblemException;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets a request through if its bearer key or token has the scope that the operation {@link Needs}. */
@Singleton
final class ApiKeyFilter {

    private static final String SCHEME = "Bearer ";

    /** Filters are made while the application is built, before there is any configuration: hence the providers. */
    private final Provider<Keys> keys;

    private final Provider<OidcTokens> tokens;
    private final Provider<TenantTable> tenants;

    ApiKeyFilter(Provider<Keys> keys, Provider<OidcTokens> tokens, Provider<TenantTable> tenants) {
        this.keys = keys;
        this.tokens = tokens;
        this.tenants = tenants;
    }

    @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
    void authenticate(ContainerRequestContext request, ResourceInfo operation) {
        var method = operation.getResourceMethod();
        if (method.isAnnotationPresent(PermitAll.class)) return;
        var caller = bearer(request)
                .flatMap(this::caller)
                .orElseThrow(() -> ProblemException.unauthorized(
                        "Send an API key that is known here: Authorization: Bearer hf_…"));
        checkTenant(caller.tenant());
        var needs = method.getAnnotation(Needs.class);
        if (needs == null || !caller.scopes().contains(needs.value())) {
            throw ProblemException.forbidden(
                    needs == null ? "none" : needs.value().wireName());
        }
        request.setSecurityContext(new KeySecurity(caller));
    }

    private Optional<Caller> caller(String bearer) {
        return bearer.startsWith("hf_")
                ? keys.get().caller(bearer)
                : tokens.get().caller(bearer);
    }

    private void checkTenant(String name) {
        var tenant = tenants.get()
                .known(name)
                .orElseThrow(() -> ProblemException.refused(
                        "tenant-unknown",
                        "There is no such tenant",
                        "The token names a tenant that is not known here."));
        if (tenant.isSuspended()) {
            throw ProblemException.refused(
                    "tenant-suspended", "The tenant is suspended", "The operator has suspended this tenant.");
        }
    }

    private static Optional<String> bearer(ContainerRequestContext request) {
        return Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> header.substring(SCHEME.length()).strip());
    }

    private record KeySecurity(Caller caller) implements SecurityContext {

        @Override
        public Principal getUserPrincipal() {
            return caller;
        }

        @Override
        public boolean isUserInRole(String role) {
            return Scope.named(role).filter(caller.scopes()::contains).isPresent();
        }

        @Override
        public boolean isSecure() {
            return false; // TLS ends before this service
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
