package dev.holdfast.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.Notification;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.mail.NotificationTable.Claim;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.JobTableConfig;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.Settings;
import dev.holdfast.trace.Tracing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Mails that are counted just when what was counted before is told: on a table and a queue of their own. */
class GatheringIT {

    private static final String PREFIX = "gathering-" + UUID.randomUUID() + "-";
    private static final String READER = "ops@example.org";

    private final SqsClient sqs = Cloud.sqs();
    private final DynamoDbClient dynamo = Cloud.dynamo();
    private final Random random = new Random();
    private final QueueNames queues = new QueueNames(PREFIX);
    private final TableNames tables = new TableNames(PREFIX);
    private final String tenant = "t-" + UUID.randomUUID();
    private final String row = "gathered#" + tenant + "#burst#" + READER;
    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final NotificationTable notifications = new NotificationTable(dynamo, tables.notifications(), () -> now);
    private final DeliveryConfig delivery = Settings.of(
                    Map.of("holdfast.notify.burst", "0"), DeliveryConfig.class) // every mail is too much
            .getConfigMapping(DeliveryConfig.class);
    private final JobTable jobs = new JobTable(
            dynamo,
            tables.jobs(),
            Settings.of(Map.of(), JobTableConfig.class).getConfigMapping(JobTableConfig.class),
            () -> now,
            random);
    private final Gathering teller = gathering(dynamo, notifications);

    GatheringIT() {
        new QueueResource(sqs, queues.events()).provision();
        NotificationTable.resource(dynamo, tables.notifications()).provision();
        JobTable.resource(dynamo, tables.jobs()).provision();
    }

    @AfterEach
    void close() {
        sqs.close();
        dynamo.close();
    }

    private Gathering gathering(DynamoDbClient through, NotificationTable into) {
        var queueing = Settings.of(Map.of(), QueueConfig.class).getConfigMapping(QueueConfig.class);
        return new Gathering(
                through, tables, into, new JobQueues(sqs, queues, queueing, Tracing.OFF), delivery, () -> now);
    }

    /** What was seen open is closed between the look at it and the count: nobody would come to tell it. */
    @Test
    void mailThatIsCountedWhileTheOnesBeforeAreTakenOutIsToldToo() throws Exception {
        // given
        count(teller);
        now = now.plus(delivery.burstWindow());
        var before = alerts();
        try (var interrupted = Cloud.dynamo(new TakenOutBefore())) {
            var counter = gathering(interrupted, new NotificationTable(interrupted, tables.notifications(), () -> now));

            // when
            count(counter);
        }

        // then
        assertThat(alerts()).isEqualTo(before + 1);
        var first = teller.takeOut(row).orElseThrow();
        assertThat(first.count()).isOne();
        assertThat(teller.told(first)).as("more that nobody else will tell").isFalse();
        now = now.plus(delivery.burstWindow());
        assertThat(teller.takeOut(row).orElseThrow().count()).isOne();
    }

    /** The alert of the second while finds the first still being told, and ends with it. */
    @Test
    void tellerOfOneWhileIsToldThatTheNextIsOverToo() throws Exception {
        // given
        count(teller);
        now = now.plus(delivery.burstWindow());
        var first = teller.takeOut(row).orElseThrow();
        count(teller);
        count(teller);
        now = now.plus(delivery.burstWindow());

        // when
        var again = teller.takeOut(row).orElseThrow();

        // then
        assertThat(again.key()).isEqualTo(first.key());
        assertThat(again.count()).isOne();
        assertThat(teller.told(again)).isTrue();
        var second = teller.takeOut(row).orElseThrow();
        assertThat(second.count()).isEqualTo(2);
        assertThat(second.tallies()).isEqualTo(Map.of("registration QUEUED", "2"));
        assertThat(teller.told(second)).isFalse();
        assertThat(teller.takeOut(row)).isEmpty();
    }

    /** The first of a schedule's failures is told at once; while that does not succeed, others are counted. */
    @Test
    void firstMailThatCouldNotBeSentForgetsNoneOfThoseCountedMeanwhile() throws Exception {
        // given
        var failed = failed();
        var first = claim(failed);
        assertThat(teller.gather(first, failed)).as("the first is counted").isFalse();
        for (var i = 0; i < 2; i++) {
            var again = failed();
            assertThat(teller.gather(claim(again), again))
                    .as("another is counted")
                    .isTrue();
        }

        // when
        assertThat(teller.gather(first, failed)).as("the first is counted").isFalse();

        // then
        now = now.plus(delivery.repeatWindow());
        var schedule = "gathered#" + tenant + "#schedule#nightly#no-such-thing#" + READER;
        assertThat(teller.takeOut(schedule).orElseThrow().count()).isEqualTo(2);
    }

    /** A job of a schedule. */
    private Job failed() {
        var payload = new JobPayload.Registration("ada", "ada@example.org", Map.of());
        var labels = Map.of("schedule", "nightly");
        var spec = new JobSpec(payload, Notify.NOBODY, Optional.empty(), Optional.empty(), 3, labels);
        var job = Job.accepted(JobId.timeOrdered(now, random), tenant, spec, "x", "", now);
        jobs.submit(job);
        var run = ((dev.holdfast.table.Claim.Won) jobs.claim(job.id())).job();
        return jobs.fail(run, new JobError("no-such-thing", "There is none.", false, 1))
                .orElseThrow();
    }

    private Claim.Mine claim(Job job) {
        var subject = new Notification.Subject(
                tenant, Optional.of(job.id().toString()), MailKind.JOB_FAILED, job.id() + "#ended", 1);
        return (Claim.Mine) notifications.claim(subject, READER);
    }

    /** A mail about a job of its own. */
    private void count(Gathering gathering) throws InterruptedException {
        var payload = new JobPayload.Registration("ada", "ada@example.org", Map.of());
        var spec = new JobSpec(payload, Notify.NOBODY, Optional.empty(), Optional.empty(), 3, Map.of());
        var job = Job.accepted(JobId.timeOrdered(now, random), tenant, spec, "x", "", now);
        var subject = new Notification.Subject(
                tenant, Optional.of(job.id().toString()), MailKind.JOB_SUCCEEDED, job.id() + "#ended", 1);
        assertThat(gathering.gather((Claim.Mine) notifications.claim(subject, READER), job))
                .isTrue();
    }

    private int alerts() {
        return sqs
                .getQueueAttributes(get -> get.queueUrl(new QueueUrl(sqs, queues.events()).get())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** Another takes out what was gathered, just before the first count of this client is sent. */
    private final class TakenOutBefore implements ExecutionInterceptor {

        private boolean done;

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (done || !(context.request() instanceof TransactWriteItemsRequest)) return;
            done = true;
            assertThat(teller.takeOut(row)).isPresent();
        }
    }
}
