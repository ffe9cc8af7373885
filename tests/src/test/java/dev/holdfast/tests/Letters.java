package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The dead letters of one test: known by the mark in their bodies. */
final class Letters implements AutoCloseable {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    final SqsClient sqs = Cloud.sqs();
    final DynamoDbClient dynamo = Cloud.dynamo();
    final String mark = UUID.randomUUID().toString();
    private final House house;
    private final Random random = new Random();

    Letters(House house) {
        this.house = house;
    }

    /** The letters of this test. */
    List<JsonNode> letters(Api api, String lane) {
        return letters(api, lane, mark);
    }

    List<JsonNode> letters(Api api, String lane, String inBody) {
        var found = new ArrayList<JsonNode>();
        for (var letter :
                api.get("/v1/dead-letters?limit=100&lane=" + lane).body().path("items")) {
            if (letter.path("body").asText().contains(inBody)) found.add(letter);
        }
        return found;
    }

    static List<String> bodies(List<JsonNode> letters) {
        return letters.stream().map(letter -> letter.path("body").asText()).toList();
    }

    JsonNode collected(String lane, String inBody) {
        patiently()
                .untilAsserted(
                        () -> assertThat(letters(house.api, lane, inBody)).hasSize(1));
        return letters(house.api, lane, inBody).getFirst();
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
    }

    void send(String queue, String body, String reason) {
        var attributes = new HashMap<String, MessageAttributeValue>();
        if (!reason.isEmpty()) {
            attributes.put(
                    SetAside.REASON,
                    MessageAttributeValue.builder()
                            .dataType("String")
                            .stringValue(reason)
                            .build());
        }
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body).messageAttributes(attributes));
    }

    String url(String queue) {
        return new QueueUrl(sqs, house.name + "-" + queue).get();
    }

    int messages(String queue) {
        return sqs
                .getQueueAttributes(get -> get.queueUrl(url(queue))
                        .attributeNamesWithStrings(
                                "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** A job that was accepted, and whose message is not on its lane. */
    Job storedJob() {
        var keeping = new Core.Keeping(Core.LEASE, Duration.ofDays(90));
        var table = new JobTable(dynamo, house.table("jobs"), keeping, InstantSource.system(), random);
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var id = JobId.timeOrdered(now, random);
        var user = "u" + id.toString().replace("-", "").substring(8);
        var spec = new JobSpec(
                new JobPayload.Registration(user, user + "@example.org", Map.of()),
                Notify.NOBODY,
                Optional.empty(),
                Optional.empty(),
                3,
                Map.of());
        var job = Job.accepted(id, "local", spec, mark, TRACE, now);
        table.submit(job);
        return job;
    }

    /** The audit records of the tenant {@code local} about a job, oldest first. */
    List<Item> audit(String job) {
        return dynamo
                .queryPaginator(query -> query.tableName(house.table("access"))
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", "AUDIT#local")))
                .items()
                .stream()
                .map(Item::of)
                .filter(entry -> job.equals(entry.textMap("arguments").get("job")))
                .toList();
    }

    @Override
    public void close() {
        sqs.close();
        dynamo.close();
    }
}
