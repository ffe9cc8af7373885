package dev.holdfast.ingest.access;

import dev.holdfast.core.Range;
import dev.holdfast.ingest.http.ProblemException;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jose4j.http.Get;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokens that an OpenID provider has signed (RFC 7519). Only signatures with public keys count: a token without
 * one, or with a shared secret, is refused whatever it says of itself.
 */
@Singleton
@Startup
final class OidcTokens {

    /** How far the provider's clock may be from ours. */
    private static final int SKEW_SECONDS = 30;

    /** Tokens that name unknown keys make us ask for keys so often, and not more. */
    private static final Duration ASKED_AT_MOST_EVERY = Duration.ofSeconds(2);

    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int MAX_SUBJECT = 64;

    private static final String[] ALGORITHMS = {
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA384,
        AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
        AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
        AlgorithmIdentifiers.EDDSA
    };

    private final OidcConfig config;
    private final InstantSource clock;
    private final Optional<Issuer> issuer;

    /** Throws {@link IllegalArgumentException} when the configuration is half there, or out of its range. */
    OidcTokens(OidcConfig config, InstantSource clock) {
        Range.check("holdfast.oidc.jwks-cache-for", config.jwksCacheFor(), Duration.ofSeconds(10), Duration.ofDays(1));
        this.config = config;
        this.clock = clock;
        this.issuer = Issuer.of(config);
    }

    private record Issuer(String name, String audience, HttpsJwksVerificationKeyResolver keys) {

        static Optional<Issuer> of(OidcConfig config) {
            var given = List.of(config.issuer(), config.audience(), config.jwksUrl()).stream()
                    .filter(Optional::isPresent)
                    .count();
            if (given == 0) return Optional.empty();
            if (given < 3) {
                throw new IllegalArgumentException(
                        "holdfast.oidc.issuer, holdfast.oidc.audience and holdfast.oidc.jwks-url go together");
            }
            var keys = new HttpsJwks(config.jwksUrl().orElseThrow().toString());
            var get = new Get();
            get.setConnectTimeout(TIMEOUT_MILLIS);
            get.setReadTimeout(TIMEOUT_MILLIS);
            get.setRetries(0);
            keys.setSimpleHttpGet(get);
            keys.setDefaultCacheDuration(config.jwksCacheFor().toSeconds());
            keys.setRefreshReprieveThreshold(ASKED_AT_MOST_EVERY.toMillis());
            return Optional.of(new Issuer(
                    config.issuer().orElseThrow(),
                    config.audience().orElseThrow(),
                    new HttpsJwksVerificationKeyResolver(keys)));
        }
    }

    /**
     * The caller whom the token names; empty when tokens are not taken here. A problem 401 tells what is wrong with a
     * token, and a problem 503 that the provider's keys cannot be read.
     */
    Optional<Caller> caller(String token) {
        return issuer.map(from -> caller(claims(token, from)));
    }

    private JwtClaims claims(String token, Issuer from) {
        try {
            return new JwtConsumerBuilder()
                    .setRequireExpirationTime()
                    .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                    .setExpectedIssuer(from.name())
                    .setExpectedAudience(from.audience())
                    .setVerificationKeyResolver(from.keys())
                    .setJwsAlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS)
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .build()
                    .processToClaims(token);
        } catch (InvalidJwtException refused) {
            throw problem(refused);
        }
    }

    private static ProblemException problem(InvalidJwtException refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return ProblemException.unavailable("The keys of the OpenID provider cannot be read.");
            }
        }
        if (refused.hasExpired()) return ProblemException.unauthorized("The token has expired.");
        if (refused.hasErrorCode(ErrorCodes.ISSUER_INVALID) || refused.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return ProblemException.unauthorized("The token is of another issuer.");
        }
        if (refused.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || refused.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return ProblemException.unauthorized("The token is for another audience.");
        }
        return ProblemException.unauthorized("The token is not one that this service can trust.");
    }

    private Caller caller(JwtClaims claims) {
        if (!(claims.getClaimValue(config.tenantClaim()) instanceof String tenant)) {
            throw ProblemException.unauthorized("The token has no claim " + config.tenantClaim() + ".");
        }
        var subject = Objects.requireNonNullElse(claims.getClaimValueAsString("sub"), "unknown");
        return new Caller(
                tenant,
                scopes(claims.getClaimValue(config.scopeClaim())),
                "oidc:" + subject.substring(0, Math.min(MAX_SUBJECT, subject.length())));
    }

    private Set<Scope> scopes(@Nullable Object claim) {
        var words = switch (claim) {
            case String text -> List.of(text.split(" ", -1));
            case Collection<?> list -> list.stream().map(String::valueOf).toList();
            case null, default -> List.<String>of();
        };
        var scopes = new HashSet<Scope>();
        if (words.contains(config.jobsWrite())) scopes.add(Scope.JOBS_WRITE);
        if (words.contains(config.jobsRead())) scopes.add(Scope.JOBS_READ);
        if (words.contains(config.admin())) scopes.add(Scope.ADMIN);
        return scopes;
    }
}
