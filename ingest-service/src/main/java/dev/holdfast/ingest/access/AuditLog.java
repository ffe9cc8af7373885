package dev.holdfast.ingest.access;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Who did what with an admin key: records in the table {@code access}, which are kept for good. Each is there twice,
 * under the tenant that it concerns and under the whole installation.
 */
@Singleton
public final class AuditLog {

    /** The partition of the whole installation. */
    private static final String ALL = "AUDIT";

    /** Sorts behind all ids, which begin with digits. */
    private static final String END = "A";

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
     * @param tenant whom it concerns
     * @param id orders the records by time, and tells those of one moment apart
     * @param who the prefix of the caller's key, or {@code oidc:} and the subject of its token
     * @param by the caller's tenant
     * @param what a stable word such as {@code dead-letters.redrive}
     * @param outcome empty while the action goes on, and for good when it was refused or its process died
     */
    @Schema(name = "AuditRecord")
    public record Entry(
            String tenant,
            String id,
            Instant at,
            String who,
            String by,
            String what,
            Map<String, String> arguments,
            Map<String, String> outcome) {

        Entry ended(Map<String, String> result) {
            return new Entry(tenant, id, at, who, by, what, arguments, result);
        }

        Item item(String partition) {
            return Item.empty()
                    .with("pk", partition)
                    .with("sk", id)
                    .with("tenant", tenant)
                    .with("at", at)
                    .with("who", who)
                    .with("by", by)
                    .with("what", what)
                    .with("arguments", arguments)
                    .with("outcome", outcome);
        }

        static Entry of(Item item) {
            return new Entry(
                    item.text("tenant"),
                    item.text("sk"),
                    item.time("at"),
                    item.text("who"),
                    item.text("by"),
                    item.text("what"),
                    item.textMap("arguments"),
                    item.textMap("outcome"));
        }
    }

    /** Records, and whether there are more behind the last of them. */
    public record Page(List<Entry> entries, Optional<String> next) {}

    /** Records that the action begins: so there is no action without a record, however it ends. */
    public Entry begin(Caller caller, String what, Map<String, String> arguments) {
        return begin(caller, caller.tenant(), what, arguments);
    }

    /** The same for an action that concerns another tenant than the caller's own. */
    public Entry begin(Caller caller, String tenant, String what, Map<String, String> arguments) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var id = "%013d#%016x".formatted(now.toEpochMilli(), random.nextLong());
        var entry = new Entry(tenant, id, now, caller.keyPrefix(), caller.tenant(), what, arguments, Map.of());
        put(entry);
        return entry;
    }

    /** Adds to the record what came of the action. */
    public void end(Entry begun, Map<String, String> outcome) {
        put(begun.ended(outcome));
    }

    /**
     * Records, newest first.
     *
     * @param tenant whom they concern; empty: all
     * @param what how their word begins; empty: all
     * @param below the id of the last record of the page before
     */
    public Page newest(Optional<String> tenant, String what, Optional<String> below, int limit) {
        var found = new ArrayList<Entry>();
        var entries = dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk AND sk < :below")
                        .expressionAttributeValues(Item.empty()
                                .with(":pk", tenant.map(AuditLog::partition).orElse(ALL))
                                .with(":below", below.orElse(END))
                                .attributes())
                        .scanIndexForward(false)
                        .consistentRead(true))
                .items()
                .stream()
                .map(item -> Entry.of(Item.of(item)))
                .filter(entry -> entry.what().startsWith(what))
                .iterator();
        while (entries.hasNext()) {
            if (found.size() == limit)
                return new Page(found, Optional.of(found.getLast().id()));
            found.add(entries.next());
        }
        return new Page(found, Optional.empty());
    }

    private void put(Entry entry) {
        var puts = Stream.of(partition(entry.tenant()), ALL)
                .map(partition -> TransactWriteItem.builder()
                        .put(put ->
                                put.tableName(table).item(entry.item(partition).attributes()))
                        .build())
                .toList();
        dynamo.transactWriteItems(transaction -> transaction.transactItems(puts));
    }

    private static String partition(String tenant) {
        return "AUDIT#" + tenant;
    }
}
