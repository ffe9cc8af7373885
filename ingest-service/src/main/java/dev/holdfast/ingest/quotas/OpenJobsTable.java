package dev.holdfast.ingest.quotas;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Upper bounds of how many open jobs tenants have, in the table {@code access}. */
@Singleton
final class OpenJobsTable {

    /** How soon after a count the next may be made. */
    private static final Duration SOONEST = Duration.ofSeconds(2);

    private final DynamoDbClient dynamo;
    private final String table;

    OpenJobsTable(DynamoDbClient dynamo, TableNames tables) {
        this.dynamo = dynamo;
        this.table = tables.access();
    }

    /**
     * A bound that leaves no place.
     *
     * @param taken jobs and places, at most the quota unless that was lowered
     * @param open how many the last count found
     * @param from jobs that were accepted before then are not counted
     */
    record Bound(long taken, long open, Instant countedAt, Instant from) {

        /** A count reads every open job: with many of them there is one only in a thousandth of a second for each. */
        Instant countableAt() {
            var pause = Duration.ofMillis(open);
            return countedAt.plus(pause.compareTo(SOONEST) < 0 ? SOONEST : pause);
        }

        static Bound of(Item item) {
            return new Bound(
                    item.number("taken"), item.number("open"), item.time("counted_at"), item.time("counted_from"));
        }
    }

    /**
     * Takes so many places; or tells the bound that leaves not so many. A tenant that has no bound yet begins with none
     * of its jobs counted: those that it had before it had a quota are not.
     */
    Optional<Bound> take(String tenant, int places, int most, Instant now) {
        try {
            dynamo.updateItem(update -> update.tableName(table)
                    .key(key(tenant))
                    .updateExpression("SET taken = if_not_exists(taken, :zero) + :places,"
                            + " #open = if_not_exists(#open, :zero),"
                            + " counted_at = if_not_exists(counted_at, :now),"
                            + " counted_from = if_not_exists(counted_from, :now)")
                    .conditionExpression("attribute_not_exists(taken) OR taken <= :rest")
                    .expressionAttributeNames(Map.of("#open", "open"))
                    .expressionAttributeValues(Item.empty()
                            .with(":zero", 0)
                            .with(":places", places)
                            .with(":now", now)
                            .with(":rest", (long) most - places)
                            .attributes())
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Optional.empty();
        } catch (ConditionalCheckFailedException full) {
            return Optional.of(Bound.of(Item.of(full.item())));
        }
    }

    /** Brings the bound down to a count; unless another process has done so since it was seen. */
    void correct(String tenant, Bound seen, int open, Instant from, Instant now) {
        try {
            dynamo.updateItem(update -> update.tableName(table)
                    .key(key(tenant))
                    .updateExpression(
                            "SET taken = taken - :freed, #open = :open, counted_at = :now, counted_from = :from")
                    .conditionExpression("counted_at = :seen")
                    .expressionAttributeNames(Map.of("#open", "open"))
                    .expressionAttributeValues(Item.empty()
                            .with(":freed", seen.taken() - open)
                            .with(":open", open)
                            .with(":now", now)
                            .with(":from", from)
                            .with(":seen", seen.countedAt())
                            .attributes()));
        } catch (ConditionalCheckFailedException countedMeanwhile) {
            // by another process, as well
        }
    }

    private static Map<String, AttributeValue> key(String tenant) {
        return Item.key("pk", "OPEN#" + tenant, "sk", "OPEN");
    }
}
