package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Lists of what the table {@code notifications} holds, by its indexes. */
public final class NotificationIndex {

    /** The DynamoDB limit of one BatchGetItem. */
    private static final int BATCH = 100;

    private final DynamoDbClient dynamo;
    private final String name;

    /** @param name of the table {@code notifications} */
    public NotificationIndex(DynamoDbClient dynamo, String name) {
        this.dynamo = dynamo;
        this.name = name;
    }

    /** A place in a list of notifications: below this one. */
    public record Position(long createdAtMillis, String id) {}

    /** Some notifications, newest first, and where those after them begin; empty: there are none. */
    public record Page(List<Notification> notifications, Optional<Position> next) {}

    /** A tenant's notifications, or those of one job; a moment behind the table. */
    public Page newest(String tenant, Optional<String> job, Optional<Position> below, int limit) {
        var hash = job.isPresent() ? "job" : "tenant";
        var keys = dynamo
                .query(query -> {
                    query.tableName(name)
                            .indexName(job.isPresent() ? NotificationTable.BY_JOB : NotificationTable.BY_TENANT)
                            .keyConditionExpression(hash + " = :hash")
                            .expressionAttributeValues(Item.key(":hash", job.orElse(tenant)))
                            .scanIndexForward(false)
                            .limit(limit);
                    below.ifPresent(at -> query.exclusiveStartKey(Item.empty()
                            .with("id", at.id())
                            .with(hash, job.orElse(tenant))
                            .with("createdAt", at.createdAtMillis())
                            .attributes()));
                })
                .items()
                .stream()
                .map(Item::of)
                .toList();
        var next = keys.size() < limit
                ? Optional.<Position>empty()
                : Optional.of(new Position(
                        keys.getLast().number("createdAt"), keys.getLast().text("id")));
        var found = findAll(keys.stream().map(key -> key.text("id")).toList()).stream()
                .filter(notification -> notification.tenant().equals(tenant))
                .toList();
        return new Page(found, next);
    }

    private List<Notification> findAll(List<String> ids) {
        var byId = new HashMap<String, Notification>();
        for (var from = 0; from < ids.size(); from += BATCH) {
            var keys = ids.subList(from, Math.min(from + BATCH, ids.size())).stream()
                    .map(id -> Item.key("id", id))
                    .toList();
            var wanted = Map.of(name, KeysAndAttributes.builder().keys(keys).build());
            dynamo.batchGetItemPaginator(get -> get.requestItems(wanted)).stream()
                    .flatMap(page -> page.responses().getOrDefault(name, List.of()).stream())
                    .map(item -> Notification.of(Item.of(item)))
                    .forEach(found -> byId.put(found.id(), found));
        }
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                .toList();
    }
}
