package dev.holdfast.repositories;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 endpoints: Holdfast's own, and those of connections, each with one client. Thread-safe. */
public final class S3Clients implements AutoCloseable {

    private final S3Client own;
    private final ConnectionTable connections;
    private final Secrets secrets;
    private final List<ExecutionInterceptor> watchers;
    private final Map<Access, S3Client> others = new ConcurrentHashMap<>();

    /** All that a client depends on: a changed connection or secret is another client. */
    private record Access(URI endpoint, String region, boolean pathStyle, String accessKey, String secretKey) {}

    /** {@code watchers} see every call to a connection. */
    public S3Clients(S3Client own, ConnectionTable connections, Secrets secrets, List<ExecutionInterceptor> watchers) {
        this.own = own;
        this.watchers = List.copyOf(watchers);
        this.connections = connections;
        this.secrets = secrets;
    }

    /** A connection cannot be used until somebody changes something. */
    public static final class UnusableConnectionException extends RuntimeException {
        UnusableConnectionException(String message) {
            super(message);
        }
    }

    /** The client of Holdfast's own endpoint. */
    public S3Client own() {
        return own;
    }

    /**
     * The client of a tenant's connection; without one, of Holdfast's own endpoint.
     *
     * @throws UnusableConnectionException when the connection, its secrets or the permission for its endpoint is gone
     */
    public S3Client of(String tenant, Optional<String> connection) {
        if (connection.isEmpty()) return own;
        var found = connections.find(tenant, connection.get());
        return of(found.orElseThrow(
                () -> new UnusableConnectionException("There is no connection " + connection.get() + ".")));
    }

    /** The client of a connection. Throws {@link UnusableConnectionException} as above. */
    public S3Client of(Connection connection) {
        if (connection.ofDatabase()) {
            throw new UnusableConnectionException(
                    "Connection " + connection.name() + " is to a database, and not to S3.");
        }
        secrets.ensureAllowed(connection);
        var access = new Access(
                connection.endpoint(),
                connection.region(),
                connection.pathStyle(),
                secrets.of(connection, connection.accessKey()),
                secrets.of(connection, connection.secretKey()));
        return others.computeIfAbsent(access, this::client);
    }

    private S3Client client(Access access) {
        var resolved = new ResolvedOnce();
        return S3Client.builder()
                .endpointProvider(resolved)
                .authSchemeProvider(resolved)
                .endpointOverride(access.endpoint())
                .region(Region.of(access.region()))
                .forcePathStyle(access.pathStyle())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(access.accessKey(), access.secretKey())))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(64).socketTimeout(Duration.ofSeconds(60)))
                .overrideConfiguration(override -> {
                    watchers.forEach(override::addExecutionInterceptor);
                    override.retryStrategy(retry -> retry.maxAttempts(6));
                })
                .build();
    }

    @Override
    public void close() {
        others.values().forEach(S3Client::close);
    }
}
