package dev.holdfast.ingest.access;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The keys in the table {@code access}: one item for each under its id, and one in the list of its tenant, by the time
 * of its creation.
 */
@Singleton
final class KeyTable {

    static final String KEY = "KEY";

    private static final int MOST_TRIES = 10;

    private final DynamoDbClient dynamo;
    private final String table;

    KeyTable(DynamoDbClient dynamo, TableNames tables) {
        this.dynamo = dynamo;
        this.table = tables.access();
    }

    static String partition(String id) {
        return "KEY#" + id;
    }

    private static String list(String tenant) {
        return "KEYS#" + tenant;
    }

    private static String position(ApiKey key) {
        return "%013d#%s".formatted(key.createdAt().toEpochMilli(), key.id());
    }

    /** Keys, and where the ones after them begin if there are any. */
    record Page(List<ApiKey> keys, Optional<String> next) {}

    /** Strongly consistent. */
    Optional<ApiKey> find(String id) {
        if (!Secret.ID.matcher(id).matches()) return Optional.empty();
        var response = dynamo.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true));
        return response.hasItem() ? Optional.of(ApiKey.of(Item.of(response.item()))) : Optional.empty();
    }

    /** Stores a new key; false when its id is taken, and nothing was written. */
    boolean add(ApiKey key) {
        return write(puts(key));
    }

    /**
     * Stores a new key and lets another end at that time; false when the new id is taken or the other has ended, and
     * nothing was written.
     */
    boolean replace(ApiKey before, Instant endsAt, ApiKey after) {
        var values =
                Item.empty().with(":end", endsAt).with(":other", after.id()).with(":hash", before.hash());
        var end = TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(key(before.id()))
                        .updateExpression("SET expires_at = :end, replaced_by = :other")
                        .conditionExpression("#hash = :hash AND attribute_not_exists(revoked_at)")
                        .expressionAttributeNames(Map.of("#hash", "hash"))
                        .expressionAttributeValues(values.attributes()))
                .build();
        return write(List.of(puts(after).get(0), puts(after).get(1), end));
    }

    private List<TransactWriteItem> puts(ApiKey key) {
        var place = Item.empty()
                .with("pk", list(key.tenant()))
                .with("sk", position(key))
                .with("id", key.id());
        return List.of(
                TransactWriteItem.builder()
                        .put(put -> put.tableName(table)
                                .item(key.item().attributes())
                                .conditionExpression("attribute_not_exists(pk)"))
                        .build(),
                TransactWriteItem.builder()
                        .put(put -> put.tableName(table).item(place.attributes()))
                        .build());
    }

    /** Processes that start together add the same first key: of two transactions at once DynamoDB cancels one. */
    private boolean write(List<TransactWriteItem> writes) {
        for (var tries = 1; ; tries++) {
            try {
                dynamo.transactWriteItems(transaction -> transaction.transactItems(writes));
                return true;
            } catch (TransactionCanceledException refused) {
                if (isFor("ConditionalCheckFailed", refused)) return false;
                if (tries == MOST_TRIES || !isFor("TransactionConflict", refused)) throw refused;
            }
        }
    }

    private static boolean isFor(String code, TransactionCanceledException refused) {
        return refused.cancellationReasons().stream().anyMatch(reason -> code.equals(reason.code()));
    }

    /** Ends the key; one that was revoked before keeps that date. */
    void revoke(String id, Instant at) {
        update(id, "SET revoked_at = if_not_exists(revoked_at, :at)", "attribute_exists(pk)", at);
    }

    /** Notes that the key was used, unless a later use is noted. */
    void used(String id, Instant at) {
        update(
                id,
                "SET last_used_at = :at",
                "attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at < :at)",
                at);
    }

    private void update(String id, String expression, String condition, Instant at) {
        try {
            dynamo.updateItem(update -> update.tableName(table)
                    .key(key(id))
                    .updateExpression(expression)
                    .conditionExpression(condition)
                    .expressionAttributeValues(Item.empty().with(":at", at).attributes()));
        } catch (ConditionalCheckFailedException unneeded) {
            // gone, or noted already
        }
    }

    /**
     * A tenant's keys, newest first.
     *
     * @param below the position that the page before ended at
     * @param limit 1 to 100
     */
    Page newest(String tenant, Optional<String> below, int limit) {
        var places = dynamo
                .query(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk AND sk < :below")
                        .expressionAttributeValues(Item.empty()
                                .with(":pk", list(tenant))
                                .with(":below", below.orElse("A")) // behind all positions, which begin with digits
                                .attributes())
                        .scanIndexForward(false)
                        .consistentRead(true)
                        .limit(limit + 1))
                .items()
                .stream()
                .map(Item::of)
                .toList();
        var shown = places.subList(0, Math.min(limit, places.size()));
        return new Page(
                findAll(shown.stream().map(place -> place.text("id")).toList()),
                places.size() > limit ? Optional.of(shown.getLast().text("sk")) : Optional.empty());
    }

    private List<ApiKey> findAll(List<String> ids) {
        if (ids.isEmpty()) return List.of();
        var wanted = KeysAndAttributes.builder()
                .keys(ids.stream().map(KeyTable::key).toList())
                .consistentRead(true)
                .build();
        var found = new HashMap<String, ApiKey>();
        dynamo.batchGetItemPaginator(get -> get.requestItems(Map.of(table, wanted))).stream()
                .flatMap(page -> page.responses().getOrDefault(table, List.of()).stream())
                .map(item -> ApiKey.of(Item.of(item)))
                .forEach(key -> found.put(key.id(), key));
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(found.get(id)).stream())
                .toList();
    }

    private static Map<String, AttributeValue> key(String id) {
        return Item.key("pk", partition(id), "sk", KEY);
    }
}
