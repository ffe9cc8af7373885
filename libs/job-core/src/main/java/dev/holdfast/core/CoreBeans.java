package dev.holdfast.core;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.holdfast.aws.OwnBucket;
import dev.holdfast.catalog.Leases;
import dev.holdfast.catalog.Uploads;
import dev.holdfast.mail.Links;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.mail.NotificationIndex;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.mail.Readers;
import dev.holdfast.mail.SmsConfig;
import dev.holdfast.mail.SmsRules;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.outbound.FetchConfig;
import dev.holdfast.outbound.OutboundConfig;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.run.Announcer;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobControl;
import dev.holdfast.table.JobFamilies;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.JobTableConfig;
import dev.holdfast.trace.Tracing;
import dev.holdfast.users.UserTable;
import dev.holdfast.webhook.WebhookConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The parts that all services share, each made once; a service uses those that it injects. */
@Singleton
public class CoreBeans {

    private final ResourcesConfig config;
    private final OutboundGuard outbound;
    private final SmsRules sms;

    /** Throws {@link IllegalArgumentException} naming a setting that is out of its range. */
    public CoreBeans(
            ResourcesConfig config,
            QueueConfig queue,
            JobTableConfig jobs,
            OutboundConfig outbound,
            FetchConfig fetch,
            WebhookConfig webhooks,
            SmsConfig sms) {
        this.config = config;
        this.outbound = new OutboundGuard(outbound);
        this.sms = new SmsRules(sms);
        Range.check("holdfast.queue.slots", queue.slots(), 1, 1_000);
        Range.check("holdfast.queue.wait-time", queue.waitTime(), ofSeconds(1), ofSeconds(20));
        Range.check("holdfast.queue.visibility-timeout", queue.visibilityTimeout(), ofSeconds(10), ofHours(12));
        Range.check("holdfast.queue.delete-wait", queue.deleteWait(), ofSeconds(0), ofSeconds(1));
        Range.check("holdfast.queue.send-wait", queue.sendWait(), ofSeconds(0), ofMillis(100));
        Range.check("holdfast.queue.drain-timeout", queue.drainTimeout(), ofSeconds(1), ofHours(1));
        Range.check("holdfast.jobs.lease", jobs.lease(), ofSeconds(10), ofMinutes(10));
        Range.check("holdfast.jobs.retention", jobs.retention(), ofDays(1), ofDays(5 * 366));
        Range.check("holdfast.fetch.timeout", fetch.timeout(), ofSeconds(1), ofMinutes(5));
        Range.check("holdfast.fetch.idle", fetch.idle(), ofSeconds(1), ofHours(1));
        Range.check("holdfast.fetch.longest", fetch.longest(), ofSeconds(1), ofHours(24));
        Range.check("holdfast.fetch.bytes", fetch.bytes(), 1L, 5L << 40);
        Range.check("holdfast.fetch.redirects", fetch.redirects(), 0, 20);
        Range.check("holdfast.webhooks.timeout", webhooks.timeout(), ofMillis(100), ofSeconds(30));
        Range.check("holdfast.webhooks.span", webhooks.span(), ofSeconds(1), ofDays(7));
        Range.check("holdfast.webhooks.first-retry", webhooks.firstRetry(), ofSeconds(1), ofHours(1));
        Range.check("holdfast.webhooks.slots", webhooks.slots(), 1, 1_000);
        Range.check("holdfast.webhooks.slots-per-endpoint", webhooks.slotsPerEndpoint(), 1, 1_000);
        Range.check("holdfast.sms.per-second", sms.perSecond(), 0.1, 1_000.0);
        Range.check("holdfast.sms.per-day", sms.perDay(), 1, 1_000_000);
        sms.maxPrice().ifPresent(price -> Range.check("holdfast.sms.max-price", price, 0.001, 10.0));
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    RandomGenerator random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry) {
        return new Metrics(registry);
    }

    /**
     * The client, made to give up sooner than the SDK would have it: that repeats a throttled call for up to a minute,
     * which is longer than a lease, and hides from the slots that there are too many of them.
     */
    @Produces
    @Singleton
    DynamoDbClient dynamo(DynamoDbClientBuilder configured) {
        var retries = AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(5)
                .backoffStrategy(BackoffStrategy.exponentialDelay(ofMillis(25), ofSeconds(1)))
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(ofMillis(100), ofSeconds(1)))
                .build();
        var how = configured.overrideConfiguration().toBuilder(); // a new one would be without the meters
        return configured
                .overrideConfiguration(how.retryStrategy(retries).build())
                .build();
    }

    void close(@Disposes DynamoDbClient dynamo) {
        dynamo.close();
    }

    /** Off unless it is asked for; then not even made, for that takes time at start. */
    @Produces
    @Singleton
    Tracing tracing(Config settings, Instance<OpenTelemetry> telemetry) {
        return settings.getOptionalValue("quarkus.otel.sdk.disabled", Boolean.class)
                        .orElse(true)
                ? Tracing.OFF
                : Tracing.by(telemetry::get);
    }

    @Produces
    @Singleton
    OwnBucket bucket() {
        return new OwnBucket(config.bucket());
    }

    @Produces
    @Singleton
    TableNames tables() {
        return new TableNames(config.prefix());
    }

    @Produces
    @Singleton
    QueueNames queues() {
        return new QueueNames(config.prefix());
    }

    @Produces
    @Singleton
    JobTable jobTable(
            DynamoDbClient dynamo,
            TableNames tables,
            JobTableConfig jobs,
            InstantSource clock,
            RandomGenerator random) {
        return new JobTable(dynamo, tables.jobs(), jobs, clock, random);
    }

    @Produces
    @Singleton
    JobFamilies jobFamilies(
            DynamoDbClient dynamo, TableNames tables, JobTable table, JobTableConfig jobs, InstantSource clock) {
        return new JobFamilies(dynamo, tables.jobs(), table, jobs, clock);
    }

    @Produces
    @Singleton
    JobControl jobControl(
            DynamoDbClient dynamo,
            TableNames tables,
            JobTableConfig jobs,
            InstantSource clock,
            RandomGenerator random) {
        return new JobControl(dynamo, tables.jobs(), jobs, clock, random);
    }

    @Produces
    @Singleton
    JobIndex jobIndex(DynamoDbClient dynamo, TableNames tables) {
        return new JobIndex(dynamo, tables.jobs());
    }

    @Produces
    @Singleton
    NotificationTable notifications(DynamoDbClient dynamo, TableNames tables, InstantSource clock) {
        return new NotificationTable(dynamo, tables.notifications(), clock);
    }

    @Produces
    @Singleton
    NotificationIndex notificationIndex(DynamoDbClient dynamo, TableNames tables) {
        return new NotificationIndex(dynamo, tables.notifications());
    }

    @Produces
    @Singleton
    MailSettingsTable mailSettings(DynamoDbClient dynamo, TableNames tables, InstantSource clock) {
        return new MailSettingsTable(dynamo, tables.notifications(), clock);
    }

    @Produces
    @Singleton
    Readers readers(DynamoDbClient dynamo, TableNames tables, InstantSource clock) {
        return new Readers(dynamo, tables.notifications(), clock);
    }

    @Produces
    @Singleton
    Links links(DynamoDbClient dynamo, TableNames tables) {
        return new Links(dynamo, tables.notifications());
    }

    @Produces
    @Singleton
    UserTable userTable(DynamoDbClient dynamo, TableNames tables, JobTable jobs) {
        return new UserTable(dynamo, tables.userData(), jobs);
    }

    @Produces
    @Singleton
    Uploads uploads(DynamoDbClient dynamo, TableNames tables) {
        return new Uploads(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    Leases leases(DynamoDbClient dynamo, TableNames tables, InstantSource clock) {
        return new Leases(dynamo, tables.catalog(), clock);
    }

    @Produces
    @Singleton
    OutboundGuard outbound() {
        return outbound;
    }

    @Produces
    @Singleton
    SmsRules sms() {
        return sms;
    }

    @Produces
    @Singleton
    JobQueues jobQueues(SqsClient sqs, QueueNames names, QueueConfig queues, Tracing tracing) {
        return new JobQueues(sqs, names, queues, tracing);
    }

    @Produces
    @Singleton
    Announcer announcer(JobQueues queues, JobFamilies families) {
        return new Announcer(queues, families);
    }
}
