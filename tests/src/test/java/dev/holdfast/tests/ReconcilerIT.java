package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Lane;
import dev.holdfast.job.Notify;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Two ingest processes would do the same; here it is one, and it looks every second at what is ten seconds old. */
class ReconcilerIT {

    private static final House HOUSE = House.start(options -> options.with("HOLDFAST_RECONCILER_EVERY", "1s")
            .with("HOLDFAST_RECONCILER_AFTER", "10s")
            .with("HOLDFAST_JOBS_LEASE", "10s")
            .with("HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", "10s")
            .withWorkers(0));
    private static final DynamoDbClient DYNAMO = Cloud.dynamo();
    private static final SqsClient SQS = Cloud.sqs();

    private final Instant begun = Instant.now();
    private final JobTable jobs = new JobTable(
            DYNAMO, HOUSE.table("jobs"), new Core.Keeping(Core.LEASE, Duration.ofDays(90)), Instant::now, new Random());

    @AfterAll
    static void close() {
        HOUSE.close();
        DYNAMO.close();
        SQS.close();
    }

    @Test
    void acceptedJobWhoseMessageIsMissingGetsOneAndAJobThatMerelyWaitsDoesNot() {
        // given: two jobs that wait, and nobody to work on them
        HOUSE.api.submit(registration("waits-1"));
        HOUSE.api.submit(registration("waits-2"));
        await().atMost(Duration.ofSeconds(30)).until(() -> reconciled() && oldEnough());
        assertThat(messages()).as("messages of two jobs in a backlog").isEqualTo(2);

        // when: a job is stored whose sender died, and a worker comes
        var orphan = store("orphan", Instant.now(), Optional.empty());
        HOUSE.stack.addWorker();

        // then
        await().atMost(Duration.ofSeconds(60))
                .until(() -> jobs.find(orphan).orElseThrow().state().isFinal());
        assertThat(jobs.find(orphan).orElseThrow().fence()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(messages()).isZero());
        assertThat(HOUSE.metric("jobs_resent_total"))
                .as("and perhaps the two that were just received")
                .isBetween(1.0, 3.0);

        // and a job that was asked for long ago starts at its time
        var due = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.MILLIS);
        var scheduled = store("scheduled", begun.minus(Duration.ofHours(1)), Optional.of(due));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> jobs.find(scheduled).orElseThrow().state().isFinal());
        assertThat(jobs.find(scheduled).orElseThrow().startedAt().orElseThrow()).isAfterOrEqualTo(due);
    }

    private boolean reconciled() {
        return HOUSE.metric("reconciler_lag_seconds") < 5;
    }

    private boolean oldEnough() {
        return Instant.now().isAfter(begun.plusSeconds(14));
    }

    private JobId store(String username, Instant createdAt, Optional<Instant> notBefore) {
        var payload = new JobPayload.Registration(username, username + "@example.org", Map.of());
        var spec = new JobSpec(payload, Notify.NOBODY, notBefore, Optional.empty(), 5, Map.of());
        var id = JobId.derived("local", username);
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        jobs.submit(Job.accepted(id, "local", spec, "x", trace, createdAt.truncatedTo(ChronoUnit.MILLIS)));
        return id;
    }

    private static String registration(String username) {
        return """
                {"type": "registration", "payload": {"username": "%s", "email": "%s@example.org"}}""".formatted(username, username);
    }

    private static int messages() {
        var url = new QueueUrl(SQS, new QueueNames(HOUSE.name + "-").lane(Lane.QUICK)).get();
        return SQS
                .getQueueAttributes(get -> get.queueUrl(url)
                        .attributeNamesWithStrings(
                                "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }
}
