package dev.holdfast.testing;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/** Where the tests find DynamoDB, S3 and SQS: stand-ins, LocalStack, or whatever speaks their APIs. */
public record Endpoints(URI dynamodb, URI s3, URI sqs, String region, String accessKey, String secretKey) {

    /** One endpoint for all services, as LocalStack, Floci and moto offer it. */
    public static Endpoints at(URI url) {
        return new Endpoints(url, url, url, "us-east-1", "test", "test");
    }

    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, URI endpoint, ExecutionInterceptor interceptor) {
        return builder.httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .overrideConfiguration(override ->
                        override.addExecutionInterceptor(interceptor).addExecutionInterceptor(new Unasked()))
                .build();
    }

    /**
     * Sends bodies without asking first ({@code Expect: 100-continue}): the JDK's client gives up when the connection
     * ends just then, and the SDK does not try again.
     */
    private static final class Unasked implements ExecutionInterceptor {

        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().toBuilder().removeHeader("Expect").build();
        }
    }
}
