package dev.holdfast.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * The house of the tests about who may and how much: two ingest processes that remember keys for a second and take
 * tokens of a provider of the tests' own; without workers, so that jobs stay open.
 */
final class Door {

    static final Duration REMEMBERED = Duration.ofSeconds(1);

    static final TokenIssuer ISSUER = issuer();
    static final House HOUSE = House.start(options -> options.without("worker", "notify")
            .with("HOLDFAST_ACCESS_CACHE_FOR", REMEMBERED.toSeconds() + "s")
            .with("HOLDFAST_OIDC_ISSUER", ISSUER.name())
            .with("HOLDFAST_OIDC_AUDIENCE", "holdfast")
            .with("HOLDFAST_OIDC_JWKS_URL", ISSUER.jwksUrl())
            .with("HOLDFAST_OIDC_TENANT_CLAIM", "org")
            .with("HOLDFAST_OIDC_SCOPE_CLAIM", "roles")
            .with("HOLDFAST_OIDC_ADMIN", "holdfast-operator"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(HOUSE::close));
        HOUSE.stack.addIngest();
    }

    /** The second process. */
    static final Api SECOND = HOUSE.pod("ingest-2");

    private Door() {}

    private static TokenIssuer issuer() {
        try {
            return new TokenIssuer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
