package dev.holdfast.ingest.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Bearer tokens of an OpenID provider, beside keys. Off unless issuer, audience and keys are given. */
@ConfigMapping(prefix = "holdfast.oidc")
public interface OidcConfig {

    /** Whose tokens are taken: their claim {@code iss}, to the letter. */
    Optional<String> issuer();

    /** What their claim {@code aud} must name. */
    Optional<String> audience();

    /** Where the issuer publishes its keys (RFC 7517), by http or https. */
    Optional<URI> jwksUrl();

    /** How long its keys are remembered. A key that is not known is asked for at once. 10 s to 1 day. */
    @WithDefault("5m")
    Duration jwksCacheFor();

    /** The claim that names the tenant. */
    @WithDefault("tenant")
    String tenantClaim();

    /** The claim that grants scopes: a list, or a text with spaces between its words. */
    @WithDefault("scope")
    String scopeClaim();

    /** The word in that claim that grants {@code jobs:write}. */
    @WithDefault("jobs:write")
    String jobsWrite();

    /** The word in that claim that grants {@code jobs:read}. */
    @WithDefault("jobs:read")
    String jobsRead();

    /** The word in that claim that grants {@code admin}. */
    @WithDefault("admin")
    String admin();
}
