package dev.holdfast.tests;

import dev.holdfast.local.AwsEndpoints;
import dev.holdfast.local.Checkout;
import dev.holdfast.local.StandInOptions;
import dev.holdfast.local.StandIns;
import dev.holdfast.testing.Endpoints;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The AWS of this test run: the embedded stand-ins, started once; or whatever {@code AWS_ENDPOINT_URL} names. The
 * stand-ins are children of this JVM and end with it, however it ends.
 */
public final class Cloud {

    /** The folder of the project. */
    public static final Checkout CHECKOUT = Checkout.find();

    /** Where the processes' logs go. */
    public static final Path LOGS = CHECKOUT.root().resolve("tests/target/logs");

    /** Whether this build has made native executables ({@code -Dnative}): then they are what is tested. */
    public static final boolean NATIVE = Boolean.getBoolean("holdfast.native");

    private static final AwsEndpoints ENDPOINTS = Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL"))
            .map(url -> AwsEndpoints.at(URI.create(url), System.getenv()))
            .orElseGet(Cloud::embedded);

    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1)); // of slow machines; a test that means a time says it
    }

    private Cloud() {}

    private static AwsEndpoints embedded() {
        var logs = LOGS.resolve("cloud-" + ProcessHandle.current().pid());
        var options = StandInOptions.inMemory(CHECKOUT, logs);
        var standIns = StandIns.start(Boolean.getBoolean("holdfast.full-jit") ? options.withFullJit() : options);
        Runtime.getRuntime().addShutdownHook(new Thread(standIns::close));
        return standIns.endpoints();
    }

    public static AwsEndpoints endpoints() {
        return ENDPOINTS;
    }

    /** For handlers under faults, whose tests lie in the packages of the handlers. */
    public static Endpoints forFaults() {
        return new Endpoints(
                ENDPOINTS.dynamodb(),
                ENDPOINTS.s3(),
                ENDPOINTS.sqs(),
                ENDPOINTS.region(),
                ENDPOINTS.accessKey(),
                ENDPOINTS.secretKey());
    }

    public static DynamoDbClient dynamo() {
        return configure(DynamoDbClient.builder(), ENDPOINTS.dynamodb()).build();
    }

    /** One whose calls are seen. */
    public static DynamoDbClient dynamo(ExecutionInterceptor watcher) {
        return configure(DynamoDbClient.builder(), ENDPOINTS.dynamodb())
                .overrideConfiguration(how -> how.addExecutionInterceptor(watcher))
                .build();
    }

    public static SqsClient sqs() {
        return configure(SqsClient.builder(), ENDPOINTS.sqs()).build();
    }

    /** One whose calls are seen. */
    static SqsClient sqs(ExecutionInterceptor watcher) {
        return configure(SqsClient.builder(), ENDPOINTS.sqs())
                .overrideConfiguration(how -> how.addExecutionInterceptor(watcher))
                .build();
    }

    public static S3Client s3() {
        return configure(Endpoints.s3Builder(), ENDPOINTS.s3()).build();
    }

    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configure(
            B builder, URI endpoint) {
        return builder.httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.of(ENDPOINTS.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(ENDPOINTS.accessKey(), ENDPOINTS.secretKey())));
    }
}
