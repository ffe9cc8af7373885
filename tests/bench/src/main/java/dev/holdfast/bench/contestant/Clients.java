package dev.holdfast.bench.contestant;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * SDK clients as the worker has them: its HTTP client, its limits.
 *
 * @param environment the usual variables with addresses and keys
 */
public record Clients(Map<String, String> environment) {

    /** With the variables of this process. */
    public static Clients here() {
        return new Clients(System.getenv());
    }

    /** A client for SQS. */
    public SqsClient sqs(ExecutionInterceptor interceptor) {
        software.amazon.awssdk.http.SdkHttpClient.Builder<?> http = switch (System.getenv()
                .getOrDefault("BENCH_HTTP", "apache")) {
            case "url" ->
                software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient.builder()
                        .socketTimeout(Duration.ofSeconds(30));
            case "crt" ->
                software.amazon.awssdk.http.crt.AwsCrtHttpClient.builder().maxConcurrency(64);
            default -> ApacheHttpClient.builder().maxConnections(64).socketTimeout(Duration.ofSeconds(30));
        };
        return configure(SqsClient.builder().httpClientBuilder(http), "AWS_ENDPOINT_URL_SQS", interceptor)
                .build();
    }

    /** A client for DynamoDB. */
    public DynamoDbClient dynamo(ExecutionInterceptor interceptor) {
        var http = ApacheHttpClient.builder().maxConnections(128);
        return configure(DynamoDbClient.builder().httpClientBuilder(http), "AWS_ENDPOINT_URL_DYNAMODB", interceptor)
                .build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configure(
            B builder, String endpoint, ExecutionInterceptor interceptor) {
        return builder.endpointOverride(URI.create(variable(endpoint)))
                .region(Region.of(variable("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))))
                .overrideConfiguration(override -> override.addExecutionInterceptor(interceptor));
    }

    private String variable(String name) {
        return Objects.requireNonNull(environment.get(name), name);
    }
}
