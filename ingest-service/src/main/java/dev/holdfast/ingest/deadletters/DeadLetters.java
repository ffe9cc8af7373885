package dev.holdfast.ingest.deadletters;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.ingest.access.AccessConfig;
import dev.holdfast.job.JobId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The dead letters in the table {@code catalog}: one partition per origin, by the time they were sent.
 *
 * <p>A tenant sees its own letters. Those of nobody, in which no tenant can be recognised, are the operator's to see
 * and to clear: what they hold may be any tenant's.
 */
@Singleton
final class DeadLetters {

    private static final Duration RETENTION = Duration.ofDays(90);

    /** Sorts behind all positions, which begin with digits. */
    private static final String END = "A";

    private final DynamoDbClient dynamo;
    private final String table;
    private final String operator;

    DeadLetters(DynamoDbClient dynamo, TableNames tables, AccessConfig access) {
        this.dynamo = dynamo;
        this.table = tables.catalog();
        this.operator = access.operatorTenant();
    }

    /** Letters, and where the next ones begin if there are any. */
    record Page(List<DeadLetter> letters, Optional<String> next) {}

    /** Keeps the letter; false when it is there already, and nothing was written. */
    boolean add(DeadLetter letter) {
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(item(letter).attributes())
                    .conditionExpression("attribute_not_exists(pk)"));
            return true;
        } catch (ConditionalCheckFailedException collectedBefore) {
            return false;
        }
    }

    /** What the tenant sees, newest first, from below the position that an earlier page ended at. */
    Page newest(Origin origin, String tenant, Optional<String> below, int limit) {
        var letters = new ArrayList<DeadLetter>();
        var last = "";
        var items = query(origin, tenant, below.orElse(END), false).iterator();
        while (items.hasNext()) {
            if (letters.size() == limit) return new Page(letters, Optional.of(last));
            var item = items.next();
            letters.add(letter(origin, item));
            last = item.text("sk");
        }
        return new Page(letters, Optional.empty());
    }

    /** What the tenant sees of what was sent before then, oldest first; read as it is asked for. */
    Stream<DeadLetter> oldest(Origin origin, String tenant, Instant before) {
        return query(origin, tenant, position(before), true).map(item -> letter(origin, item));
    }

    private Stream<Item> query(Origin origin, String tenant, String below, boolean forward) {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk AND sk < :below")
                        .filterExpression((tenant.equals(operator) ? "attribute_not_exists(tenant) OR " : "")
                                + "tenant = :tenant")
                        .expressionAttributeValues(Item.empty()
                                .with(":pk", partition(origin))
                                .with(":below", below)
                                .with(":tenant", tenant)
                                .attributes())
                        .scanIndexForward(forward)
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::of);
    }

    /** Forgets at most 25 letters (the DynamoDB limit of one request). */
    void remove(List<DeadLetter> letters) {
        var deletions = letters.stream()
                .map(letter -> WriteRequest.builder()
                        .deleteRequest(delete -> delete.key(key(letter)))
                        .build())
                .toList();
        var throttled = dynamo.batchWriteItem(write -> write.requestItems(Map.of(table, deletions)))
                .unprocessedItems()
                .getOrDefault(table, List.of());
        for (var deletion : throttled) {
            dynamo.deleteItem(delete ->
                    delete.tableName(table).key(deletion.deleteRequest().key())); // one by one, the SDK slows down
        }
    }

    private static Map<String, AttributeValue> key(DeadLetter letter) {
        return Item.key("pk", partition(letter.origin()), "sk", position(letter.sentAt()) + "#" + letter.id());
    }

    private static String partition(Origin origin) {
        return "DEADLETTERS#" + origin.wireName();
    }

    /** Sorts as text as the time does. */
    private static String position(Instant sentAt) {
        return "%013d".formatted(sentAt.toEpochMilli());
    }

    private static Item item(DeadLetter letter) {
        var item = Item.of(new HashMap<>(key(letter)))
                .with("id", letter.id())
                .with("sentAt", letter.sentAt())
                .with("body", letter.body())
                .with("truncated", letter.truncated() ? 1 : 0)
                .with("reason", letter.reason())
                .with("setAsideAt", letter.setAsideAt())
                .with("receives", letter.receives())
                .with("ttl", letter.setAsideAt().plus(RETENTION).getEpochSecond());
        letter.traceparent().ifPresent(trace -> item.with("traceparent", trace));
        letter.subject().tenant().ifPresent(tenant -> item.with("tenant", tenant));
        letter.subject().job().ifPresent(job -> item.with("job", job.toString()));
        letter.subject().type().ifPresent(type -> item.with("type", type));
        return item;
    }

    private static DeadLetter letter(Origin origin, Item item) {
        return new DeadLetter(
                origin,
                item.text("id"),
                item.time("sentAt"),
                item.text("body"),
                item.number("truncated") == 1,
                item.text("reason"),
                item.optionalText("traceparent"),
                new Subject(
                        item.optionalText("tenant"),
                        item.optionalText("job").flatMap(JobId::parse),
                        item.optionalText("type")),
                item.time("setAsideAt"),
                (int) item.number("receives"));
    }
}
