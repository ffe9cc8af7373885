package dev.holdfast.tests.faults;

import dev.holdfast.dynamo.Item;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.House;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What a house has stored, read past its services. */
final class Tables implements AutoCloseable {

    private static final List<String> QUEUES = List.of("quick", "bulk", "events");
    private static final String[] DEPTHS = {
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"
    };

    private final House house;
    final DynamoDbClient dynamo = Cloud.dynamo();
    final SqsClient sqs = Cloud.sqs();
    private final S3Client s3 = Cloud.s3();

    Tables(House house) {
        this.house = house;
    }

    JobRow job(String id) {
        var item = dynamo.getItem(get ->
                get.tableName(house.table("jobs")).key(Item.key("id", id)).consistentRead(true));
        return JobRow.of(Item.of(item.item()));
    }

    Map<String, JobRow> jobs(Set<String> ids) {
        return scan("jobs").stream()
                .filter(item -> ids.contains(item.text("id")))
                .map(JobRow::of)
                .collect(Collectors.toMap(JobRow::id, Function.identity()));
    }

    /** The ids of all users. */
    Set<String> users() {
        return scan("user_data").stream()
                .filter(item -> item.has("username"))
                .map(item -> item.text("user_id"))
                .collect(Collectors.toSet());
    }

    /** The user ids of all copies of registrations in the bucket; one that is there twice is named twice. */
    List<String> copies() {
        return s3.listObjectsV2Paginator(list -> list.bucket(house.name).prefix("registrations/")).contents().stream()
                .map(S3Object::key)
                .map(key -> key.split("/", 4)[2])
                .toList();
    }

    /** All notifications: job, state and fence of their event, and the recipient. */
    List<Notification> notifications() {
        return scan("notifications").stream()
                .filter(item -> item.has("job"))
                .map(Notification::of)
                .toList();
    }

    /** A row of the notifier's table. */
    record Notification(String id, String job, long fence, String recipient, String state) {
        static Notification of(Item item) {
            return new Notification(
                    item.text("id"),
                    item.text("job"),
                    item.number("fence"),
                    item.text("recipient"),
                    item.text("state"));
        }
    }

    /** What probes have done: for each job the steps in their order, each with the fence under which it was done. */
    Map<String, List<EffectLog.Entry>> effects() {
        try {
            return scan(EffectLog.TABLE).stream()
                    .collect(Collectors.toMap(item -> item.text("id"), EffectLog::entries));
        } catch (ResourceNotFoundException noProbeHere) {
            return Map.of();
        }
    }

    /** Puts one more message about a job on its queue. */
    void duplicate(String queue, String job) {
        duplicate(queue, job, 1);
    }

    /** The same of a payload of another version. */
    void duplicate(String queue, String job, int version) {
        send(queue, """
                {"v":1,"job":"%s","tenant":"local","type":"registration","version":%d}""".formatted(job, version));
    }

    /** Puts any text on a queue. */
    void send(String queue, String body) {
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body).messageGroupId("local"));
    }

    /** Why messages were set aside and collected. */
    List<String> deadLetters() {
        return collected().map(letter -> letter.text("reason")).toList();
    }

    /** Forgets what was collected. */
    void clearDeadLetters() {
        collected()
                .forEach(letter -> dynamo.deleteItem(delete -> delete.tableName(house.table("catalog"))
                        .key(Item.key("pk", letter.text("pk"), "sk", letter.text("sk")))));
    }

    private Stream<Item> collected() {
        return scan("catalog").stream().filter(item -> item.text("pk").startsWith("DEADLETTERS#"));
    }

    /** Throws everything on a queue away. */
    void purge(String queue) {
        sqs.purgeQueue(purge -> purge.queueUrl(url(queue)));
    }

    private String url(String queue) {
        return sqs.getQueueUrl(get -> get.queueName(house.name + "-" + queue)).queueUrl();
    }

    /** The messages of a queue that somebody has received and not yet settled, or given back for a while. */
    int hidden(String queue) {
        return messages(queue, DEPTHS[1]);
    }

    /** The messages of a queue: visible, hidden and delayed. */
    int messages(String queue) {
        return messages(queue, DEPTHS);
    }

    private int messages(String queue, String... depths) {
        return sqs
                .getQueueAttributes(get -> get.queueUrl(url(queue)).attributeNamesWithStrings(depths))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** What is left on queues and dead-letter queues; empty when there is nothing. */
    Map<String, Integer> leftOver() {
        var left = new TreeMap<String, Integer>();
        for (var queue : QUEUES) {
            left.put(queue, messages(queue));
            left.put(queue + "-dlq", messages(queue + "-dlq"));
        }
        left.values().removeIf(number -> number == 0);
        return left;
    }

    private List<Item> scan(String table) {
        return dynamo.scanPaginator(scan -> scan.tableName(house.table(table)).consistentRead(true)).items().stream()
                .map(Item::of)
                .toList();
    }

    @Override
    public void close() {
        dynamo.close();
        sqs.close();
        s3.close();
    }
}
