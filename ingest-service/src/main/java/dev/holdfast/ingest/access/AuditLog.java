package dev.holdfast.ingest.access;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Who did what with an admin key: records in the table {@code access}, which are kept for good. */
@Singleton
public final class AuditLog {

    private final DynamoDbClient dynamo;
    private final String table;
    private final InstantSource clock;
    private final RandomGenerator random;

    AuditLog(DynamoDbClient dynamo, TableNames tables, InstantSource clock, RandomGenerator random) {
        this.dynamo = dynamo;
        this.table = tables.access();
        this.clock = clock;
        this.random = random;
    }

    /**
     * One action.
     *
     * @param id orders the records of a tenant by time, and tells those of one moment apart
     * @param who the prefix of the caller's key
     * @param what a stable word such as {@code dead-letters.redrive}
     * @param outcome empty while the action goes on, and for good when its process died
     */
    public record Entry(
            String tenant,
            String id,
            Instant at,
            String who,
            String what,
            Map<String, String> arguments,
            Map<String, String> outcome) {

        Entry ended(Map<String, String> result) {
            return new Entry(tenant, id, at, who, what, arguments, result);
        }

        Item item() {
            return Item.empty()
                    .with("pk", partition(tenant))
                    .with("sk", id)
                    .with("at", at)
                    .with("who", who)
                    .with("what", what)
                    .with("arguments", arguments)
                    .with("outcome", outcome);
        }

        static Entry of(String tenant, Item item) {
            return new Entry(
                    tenant,
                    item.text("sk"),
                    item.time("at"),
                    item.text("who"),
                    item.text("what"),
                    item.textMap("arguments"),
                    item.textMap("outcome"));
        }
    }

    /** Records that the action begins: so there is no action without a record, however it ends. */
    public Entry begin(Caller caller, String what, Map<String, String> arguments) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var id = "%013d#%016x".formatted(now.toEpochMilli(), random.nextLong());
        var entry = new Entry(caller.tenant(), id, now, caller.keyPrefix(), what, arguments, Map.of());
        put(entry);
        return entry;
    }

    /** Adds to the record what came of the action. */
    public void end(Entry begun, Map<String, String> outcome) {
        put(begun.ended(outcome));
    }

    /** A tenant's records, newest first. */
    public List<Entry> newest(String tenant, int limit) {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", partition(tenant)))
                        .scanIndexForward(false)
                        .limit(limit))
                .items()
                .stream()
                .limit(limit)
                .map(item -> Entry.of(tenant, Item.of(item)))
                .toList();
    }

    private void put(Entry entry) {
        dynamo.putItem(put -> put.tableName(table).item(entry.item().attributes()));
    }

    private static String partition(String tenant) {
        return "AUDIT#" + tenant;
    }
}
