package dev.holdfast.notify;

import dev.holdfast.aws.CallMeter;
import dev.holdfast.aws.CallTrace;
import dev.holdfast.catalog.Catalog;
import dev.holdfast.core.TableNames;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.resources.Resources;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.table.JobTable;
import dev.holdfast.users.UserTable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the notifier has beside the parts that all services share. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    Pace pace() {
        return new Pace(1); // until SES was asked
    }

    /** There is no Quarkus extension for SES v2; region, credentials and endpoint come from the usual AWS settings. */
    @Produces
    @Singleton
    SesV2Client ses(CallMeter meter, CallTrace trace) {
        return SesV2Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(how -> how.addExecutionInterceptor(meter)
                        .addExecutionInterceptor(trace)
                        .retryStrategy(AwsRetryStrategy.doNotRetry())) // see Throttle
                .build();
    }

    void close(@Disposes SesV2Client ses) {
        ses.close();
    }

    /** Made when the first text message is sent. A repeated request would be a second message: none is repeated. */
    @Produces
    @ApplicationScoped
    SnsClient sns(CallMeter meter, CallTrace trace) {
        return SnsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(how -> how.addExecutionInterceptor(meter)
                        .addExecutionInterceptor(trace)
                        .retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    void close(@Disposes SnsClient sns) {
        sns.close();
    }

    @Produces
    @Singleton
    Resources resources(
            SqsClient sqs, DynamoDbClient dynamo, QueueNames queues, TableNames tables, ResourcesConfig config) {
        return new Resources(
                List.of(
                        new QueueResource(sqs, queues.events()),
                        new QueueResource(sqs, queues.webhooks()),
                        new QueueResource(sqs, queues.mailFeedback()),
                        JobTable.resource(dynamo, tables.jobs()),
                        UserTable.resource(dynamo, tables.userData()),
                        Catalog.resource(dynamo, tables.catalog()),
                        NotificationTable.resource(dynamo, tables.notifications())),
                config);
    }
}
