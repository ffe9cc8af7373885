package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.restic.format.Id;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Which lock objects are whose, in the table {@code catalog}. The name of an object is noted before the object is
 * stored, so that one whose holder died is known, and can be removed.
 */
final class LockTable {

    private static final String PARTITION = "LOCKS";

    private final DynamoDbClient dynamo;
    private final String table;

    LockTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /**
     * The lock of a job.
     *
     * @param objects the names of its lock objects; several while it is refreshed, or when a holder died
     * @param refreshed when the newest of them was noted
     */
    record Row(String tenant, String repository, JobId job, Set<Id> objects, Instant refreshed) {}

    /** Notes a lock object that is about to be stored. */
    void note(String tenant, String repository, JobId job, Id object, Instant now) {
        dynamo.updateItem(update -> update.tableName(table)
                .key(key(job))
                .updateExpression(
                        "SET tenant = :tenant, repository = :repository, refreshed = :now ADD objects :object")
                .expressionAttributeValues(Item.empty()
                        .with(":tenant", tenant)
                        .with(":repository", repository)
                        .with(":now", now)
                        .withAll(objects(":object", Set.of(object)))
                        .attributes()));
    }

    /** Forgets lock objects that are gone. */
    void forget(JobId job, Set<Id> objects) {
        dynamo.updateItem(update -> update.tableName(table)
                .key(key(job))
                .updateExpression("DELETE objects :objects")
                .expressionAttributeValues(objects(":objects", objects).attributes()));
    }

    /** Forgets the job's lock, unless it has other objects than these; then only these. */
    void release(JobId job, Set<Id> objects) {
        try {
            dynamo.deleteItem(delete -> delete.tableName(table)
                    .key(key(job))
                    .conditionExpression("attribute_not_exists(objects) OR objects = :objects")
                    .expressionAttributeValues(objects(":objects", objects).attributes()));
        } catch (ConditionalCheckFailedException others) {
            forget(job, objects);
        }
    }

    /** The locks of all open jobs, and of those that ended without a word. */
    List<Row> all() {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", PARTITION))
                        .consistentRead(true))
                .items()
                .stream()
                .map(LockTable::row)
                .toList();
    }

    private static Row row(Map<String, AttributeValue> attributes) {
        var item = Item.of(attributes);
        var objects =
                Optional.ofNullable(attributes.get("objects")).map(AttributeValue::ss).orElseGet(List::of).stream()
                        .map(Id::parse)
                        .collect(Collectors.toSet());
        return new Row(
                item.text("tenant"),
                item.text("repository"),
                JobId.parse(item.text("sk")).orElseThrow(),
                objects,
                item.time("refreshed"));
    }

    private static Item objects(String name, Set<Id> objects) {
        var names = objects.stream().map(Id::toHex).toList();
        return Item.of(Map.of(name, AttributeValue.fromSs(names)));
    }

    private static Map<String, AttributeValue> key(JobId job) {
        return Item.key("pk", PARTITION, "sk", job.toString());
    }
}
