package dev.holdfast.catalog;

import dev.holdfast.dynamo.Item;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Rows of the table {@code catalog} by which processes agree on who does a chore, and on how far it has come. What is
 * done under a lease must be harmless when two do it: a clock that is wrong can make two of them believe that it is
 * theirs.
 */
public final class Leases {

    private final DynamoDbClient dynamo;
    private final String name;
    private final InstantSource clock;
    private final String owner = UUID.randomUUID().toString();

    public Leases(DynamoDbClient dynamo, String name, InstantSource clock) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
    }

    /** Takes a lease, or keeps it, for that time; false while it is another process's. */
    public boolean hold(String lease, Duration time) {
        var now = clock.instant();
        try {
            dynamo.putItem(put -> put.tableName(name)
                    .item(Item.empty()
                            .with("pk", "LEASES")
                            .with("sk", lease)
                            .with("holder", owner)
                            .with("heldUntil", now.plus(time))
                            .attributes())
                    .conditionExpression("attribute_not_exists(pk) OR holder = :me OR heldUntil < :now")
                    .expressionAttributeValues(
                            Item.empty().with(":me", owner).with(":now", now).attributes()));
            return true;
        } catch (ConditionalCheckFailedException held) {
            return false;
        }
    }

    /**
     * Says that this process takes part in a chore, for that time, and returns how many do, itself included. Each is
     * told within a period of the others' coming and going.
     */
    public int join(String chore, Duration time) {
        var now = clock.instant();
        dynamo.putItem(put -> put.tableName(name)
                .item(Item.empty()
                        .with("pk", chore)
                        .with("sk", owner)
                        .with("heldUntil", now.plus(time))
                        .with("ttl", now.plus(time).plus(Duration.ofDays(1)).getEpochSecond())
                        .attributes()));
        var others = dynamo
                .queryPaginator(query -> query.tableName(name)
                        .keyConditionExpression("pk = :chore")
                        .filterExpression("heldUntil > :now")
                        .expressionAttributeValues(Item.empty()
                                .with(":chore", chore)
                                .with(":now", now)
                                .attributes()))
                .items()
                .stream()
                .filter(item -> !Item.of(item).text("sk").equals(owner))
                .count();
        return (int) others + 1;
    }

    /** Takes back what {@link #join} said. */
    public void leave(String chore) {
        dynamo.deleteItem(delete -> delete.tableName(name).key(Item.key("pk", chore, "sk", owner)));
    }

    /** How far a chore has come; empty when nobody has said. */
    public Optional<Instant> reached(String chore) {
        var item = dynamo.getItem(get -> get.tableName(name).key(Item.key("pk", "CURSORS", "sk", chore)))
                .item();
        return Item.of(item).optionalTime("reached");
    }

    /** Notes how far a chore has come. */
    public void reach(String chore, Instant until) {
        dynamo.putItem(put -> put.tableName(name)
                .item(Item.empty()
                        .with("pk", "CURSORS")
                        .with("sk", chore)
                        .with("reached", until)
                        .attributes()));
    }
}
