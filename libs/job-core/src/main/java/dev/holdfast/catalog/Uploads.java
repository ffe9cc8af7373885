package dev.holdfast.catalog;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The uploads in the table {@code catalog}: each with the jobs that use it, and with a reminder of when to sweep it.
 *
 * <p>An upload and its use cannot pass each other: a use is written first and counted on the upload then, and an upload
 * is only given up under the count that was there before its uses were looked at.
 */
public final class Uploads {

    /** So many partitions hold the reminders, for DynamoDB writes each at a limited rate. */
    private static final int SHARDS = 16;

    private final DynamoDbClient dynamo;
    private final String name;

    public Uploads(DynamoDbClient dynamo, String name) {
        this.dynamo = dynamo;
        this.name = name;
    }

    /**
     * An upload as it stands.
     *
     * @param complete its parts are one file now
     * @param uses how often a use was counted
     * @param givenUp its sweep has begun
     */
    public record Entry(Upload upload, boolean complete, long uses, boolean givenUp) {}

    /**
     * That an upload is to be looked at.
     *
     * @param at its place in the table
     */
    public record Reminder(String tenant, String uploadId, Instant due, Map<String, AttributeValue> at) {}

    /** Notes a new upload, to be looked at then. */
    public void add(Upload upload, Instant due) {
        remind(upload.tenant(), upload.id(), due); // first: an upload without a reminder would stay for ever
        put(Item.empty()
                .with("pk", partition(upload.tenant()))
                .with("sk", upload.id())
                .with("upload", Json.write(upload)));
    }

    private void remind(String tenant, String id, Instant due) {
        put(Item.empty()
                .with("pk", shard(Math.floorMod(id.hashCode(), SHARDS)))
                .with("sk", "%013d#%s".formatted(due.toEpochMilli(), id))
                .with("tenant", tenant)
                .with("uploadId", id)
                .with("due", due));
    }

    private void put(Item item) {
        dynamo.putItem(put -> put.tableName(name).item(item.attributes()));
    }

    /** The tenant's upload of that id, unless it was given up. */
    public Optional<Upload> find(String tenant, String id) {
        return entry(tenant, id).filter(entry -> !entry.givenUp()).map(Entry::upload);
    }

    /** The same with all that is known of it. */
    public Optional<Entry> entry(String tenant, String id) {
        var response =
                dynamo.getItem(get -> get.tableName(name).key(key(tenant, id)).consistentRead(true));
        if (!response.hasItem()) return Optional.empty();
        var item = Item.of(response.item());
        return Optional.of(new Entry(
                Json.read(item.text("upload"), Upload.class),
                item.has("completed"),
                item.numberOrZero("useCount"),
                item.has("givenUp")));
    }

    /** Notes that a job uses an upload; false when there is none. Noted twice, it counts once. */
    public boolean use(String tenant, String id, JobId job, Instant now) {
        put(Item.empty()
                .with("pk", partition(tenant))
                .with("sk", id + "#" + job)
                .with("job", job.toString())
                .with("since", now));
        var there = update(
                tenant,
                id,
                "ADD useCount :one",
                "attribute_exists(pk) AND attribute_not_exists(givenUp)",
                Item.empty().with(":one", 1));
        if (!there) delete(key(tenant, id + "#" + job));
        return there;
    }

    /** A job that uses an upload, since then. */
    public record Use(JobId job, Instant since) {}

    /** The jobs that use an upload. */
    public Stream<Use> uses(String tenant, String id) {
        return rows(tenant, id)
                .flatMap(item -> JobId.parse(item.text("job")).map(job -> new Use(job, item.time("since"))).stream());
    }

    private Stream<Item> rows(String tenant, String id) {
        return dynamo
                .queryPaginator(query -> query.tableName(name)
                        .keyConditionExpression("pk = :pk AND begins_with(sk, :use)")
                        .expressionAttributeValues(Item.key(":pk", partition(tenant), ":use", id + "#"))
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::of);
    }

    /** Notes that the upload is one file now; false when it was given up meanwhile. */
    public boolean complete(Upload upload) {
        return update(
                upload.tenant(),
                upload.id(),
                "SET completed = :one",
                "attribute_exists(pk) AND attribute_not_exists(givenUp)",
                Item.empty().with(":one", 1));
    }

    /** Nobody can use the upload any more; false when another job has come to use it. */
    public boolean giveUp(Entry entry) {
        if (entry.givenUp()) return true;
        return update(
                entry.upload().tenant(),
                entry.upload().id(),
                "SET givenUp = :one",
                "attribute_exists(pk) AND (useCount = :uses OR (attribute_not_exists(useCount) AND :uses = :zero))",
                Item.empty().with(":one", 1).with(":uses", entry.uses()).with(":zero", 0));
    }

    private boolean update(String tenant, String id, String expression, String condition, Item values) {
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(key(tenant, id))
                    .updateExpression(expression)
                    .conditionExpression(condition)
                    .expressionAttributeValues(values.attributes()));
            return true;
        } catch (ConditionalCheckFailedException refused) {
            return false;
        }
    }

    /** Up to {@code limit} reminders of each partition that are due. */
    public List<Reminder> due(Instant now, int limit) {
        return IntStream.range(0, SHARDS)
                .boxed()
                .flatMap(shard -> dynamo
                        .query(query -> query.tableName(name)
                                .keyConditionExpression("pk = :pk AND sk < :now")
                                .expressionAttributeValues(
                                        Item.key(":pk", shard(shard), ":now", "%013d".formatted(now.toEpochMilli())))
                                .limit(limit))
                        .items()
                        .stream())
                .map(Uploads::reminder)
                .toList();
    }

    private static Reminder reminder(Map<String, AttributeValue> attributes) {
        var item = Item.of(attributes);
        return new Reminder(
                item.text("tenant"),
                item.text("uploadId"),
                item.time("due"),
                Item.key("pk", item.text("pk"), "sk", item.text("sk")));
    }

    /** Looks at it again then. */
    public void postpone(Reminder reminder, Instant due) {
        remind(reminder.tenant(), reminder.uploadId(), due);
        delete(reminder.at());
    }

    /** Removes all that is known of an upload; the reminder last, by which the rest is found. */
    public void remove(Reminder reminder) {
        var tenant = reminder.tenant();
        rows(tenant, reminder.uploadId()).forEach(row -> delete(Item.key("pk", row.text("pk"), "sk", row.text("sk"))));
        delete(key(tenant, reminder.uploadId()));
        delete(reminder.at());
    }

    private void delete(Map<String, AttributeValue> key) {
        dynamo.deleteItem(delete -> delete.tableName(name).key(key));
    }

    private static Map<String, AttributeValue> key(String tenant, String id) {
        return Item.key("pk", partition(tenant), "sk", id);
    }

    private static String partition(String tenant) {
        return "UPLOADS#" + tenant;
    }

    private static String shard(int shard) {
        return "SWEEPS#" + shard;
    }
}
