package dev.holdfast.worker;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.core.TableNames;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.resources.BucketResource;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.resources.Resource;
import dev.holdfast.resources.Resources;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.run.Admission;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobTable;
import dev.holdfast.trace.Tracing;
import dev.holdfast.users.UserTable;
import dev.holdfast.worker.backup.BackupConfig;
import dev.holdfast.worker.tables.Tables;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the worker has beside its handlers and the parts that all services share. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    JobRunner runner(
            JobTable jobs,
            JobFamilies families,
            Router router,
            JobQueues queues,
            QueueConfig config,
            Metrics metrics,
            Tracing tracing,
            InstantSource clock,
            RandomGenerator random) {
        var admission = new Admission(config.slots(), clock);
        return new JobRunner(jobs, families, router, queues, admission, metrics, tracing, clock, random);
    }

    @Produces
    @Singleton
    Tables tables(DynamoDbClient dynamo, BackupConfig config, TableNames own) {
        return new Tables(dynamo, config.tables().orElseGet(List::of), own);
    }

    @Produces
    @Singleton
    Resources resources(
            SqsClient sqs,
            DynamoDbClient dynamo,
            S3Client s3,
            QueueNames queues,
            TableNames tables,
            WorkerConfig worker,
            ResourcesConfig config) {
        var needed = new ArrayList<Resource>();
        for (var lane : worker.lanes()) needed.add(new QueueResource(sqs, queues.lane(lane)));
        needed.add(new QueueResource(sqs, queues.events()));
        needed.add(new QueueResource(sqs, queues.webhooks()));
        needed.add(JobTable.resource(dynamo, tables.jobs()));
        needed.add(UserTable.resource(dynamo, tables.userData()));
        needed.add(Catalog.resource(dynamo, tables.catalog()));
        needed.add(new BucketResource(s3, config.bucket()));
        return new Resources(needed, config);
    }
}
