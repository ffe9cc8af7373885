package dev.holdfast.repositories;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointParams;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;

/**
 * Where a client's requests go and how they are signed, as the rules of the SDK have it, but asked once per bucket. The
 * SDK works through its rules twice with every call, which is a sixth of the time of reading a small object; they look
 * at the client's settings, the operation and the bucket, and never at the object. For one client. Thread-safe.
 */
final class ResolvedOnce implements S3EndpointProvider, S3AuthSchemeProvider {

    private final S3EndpointProvider endpointRules = S3EndpointProvider.defaultProvider();
    private final S3AuthSchemeProvider signingRules = S3AuthSchemeProvider.defaultProvider();
    private final Map<Asked, CompletableFuture<Endpoint>> endpoints = new ConcurrentHashMap<>();
    private final Map<Asked, List<AuthSchemeOption>> signings = new ConcurrentHashMap<>();

    /** What differs between the calls of one client, as far as the rules look at it. */
    private record Asked(
            @Nullable String operation,
            @Nullable String bucket,
            @Nullable Boolean expressControl,
            @Nullable Boolean withoutExpressSession) {}

    @Override
    public CompletableFuture<Endpoint> resolveEndpoint(S3EndpointParams call) {
        var asked =
                new Asked(null, call.bucket(), call.useS3ExpressControlEndpoint(), call.disableS3ExpressSessionAuth());
        return endpoints.computeIfAbsent(asked, _ -> endpointRules.resolveEndpoint(call));
    }

    @Override
    public List<AuthSchemeOption> resolveAuthScheme(S3AuthSchemeParams call) {
        var asked = new Asked(
                call.operation(),
                call.bucket(),
                call.useS3ExpressControlEndpoint(),
                call.disableS3ExpressSessionAuth());
        return signings.computeIfAbsent(asked, _ -> List.copyOf(signingRules.resolveAuthScheme(call)));
    }
}
