package dev.holdfast.testing;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Where the tests find DynamoDB, S3 and SQS: stand-ins, LocalStack, or whatever speaks their APIs. */
public record Endpoints(URI dynamodb, URI s3, URI sqs, String region, String accessKey, String secretKey) {

    /** One endpoint for all services, as LocalStack, Floci and moto offer it. */
    public static Endpoints at(URI url) {
        return new Endpoints(url, url, url, "us-east-1", "test", "test");
    }

    /**
     * For a client that sends bodies as they are: S3Proxy does not read the last line end of one in signed chunks, and
     * ends the connection, with its answer on the way, unless that has come by then. The SDK repeats such a call.
     */
    public static S3ClientBuilder s3Builder() {
        return S3Client.builder().forcePathStyle(true).serviceConfiguration(how -> how.chunkedEncodingEnabled(false));
    }

    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, URI endpoint, ExecutionInterceptor interceptor) {
        return builder.httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .overrideConfiguration(override -> override.addExecutionInterceptor(interceptor))
                .build();
    }
}
