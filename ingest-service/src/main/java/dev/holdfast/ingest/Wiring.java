package dev.holdfast.ingest;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.core.TableNames;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.ingest.schedules.ScheduleTable;
import dev.holdfast.job.Lane;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.resources.BucketResource;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.resources.Resources;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.table.JobTable;
import dev.holdfast.users.UserTable;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the ingest service has beside the parts that all services share. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    Resources resources(
            SqsClient sqs,
            DynamoDbClient dynamo,
            S3Client s3,
            QueueNames queues,
            TableNames tables,
            ResourcesConfig config) {
        return new Resources(
                List.of(
                        new QueueResource(sqs, queues.lane(Lane.QUICK)),
                        new QueueResource(sqs, queues.lane(Lane.BULK)),
                        new QueueResource(sqs, queues.events()),
                        new QueueResource(sqs, queues.webhooks()),
                        JobTable.resource(dynamo, tables.jobs()),
                        UserTable.resource(dynamo, tables.userData()),
                        Catalog.resource(dynamo, tables.catalog()),
                        TenantTable.resource(dynamo, tables.access()),
                        NotificationTable.resource(dynamo, tables.notifications()),
                        ScheduleTable.resource(dynamo, tables.schedules()),
                        new BucketResource(s3, config.bucket())),
                config);
    }
}
