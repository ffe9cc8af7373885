package dev.holdfast.ingest.quotas;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The buckets of tokens in the table {@code access}, as one number each: the time until which all tokens are given out
 * (the generic cell rate algorithm). A bucket is full when that time has passed, and empty when it is a whole burst
 * ahead.
 */
@Singleton
final class RateTable {

    /** A full bucket holds so many seconds' worth of tokens. */
    static final Duration BURST = Duration.ofSeconds(5);

    /** Other processes may be at the same bucket. */
    private static final int TRIES = 10;

    private static final long MICROS = 1_000_000;
    private static final Duration KEPT = Duration.ofDays(1);

    private final DynamoDbClient dynamo;
    private final String table;

    RateTable(DynamoDbClient dynamo, TableNames tables) {
        this.dynamo = dynamo;
        this.table = tables.access();
    }

    /** What was got of the tokens asked for. */
    sealed interface Lot {
        record Some(int tokens) implements Lot {}

        record None(Duration retryAfter) implements Lot {}
    }

    /** Takes so many tokens, or as many as there are. */
    Lot take(String tenant, int perSecond, int wanted, Instant now) {
        var bucket = new Bucket(tenant, MICROS / perSecond, micros(now));
        var tokens = wanted;
        for (var i = 0; i < TRIES; i++) {
            var full = bucket.goOn(tokens);
            if (full.isEmpty()) return new Lot.Some(tokens);
            var givenOutUntil = full.get();
            if (givenOutUntil < bucket.now) {
                if (bucket.begin(tokens)) return new Lot.Some(tokens);
                continue;
            }
            var there = (bucket.end() - givenOutUntil) / bucket.interval;
            if (there < 1) {
                var wait = givenOutUntil + bucket.interval - bucket.end();
                return new Lot.None(Duration.of(Math.max(1_000, wait), ChronoUnit.MICROS));
            }
            tokens = (int) Math.min(tokens, there);
        }
        return new Lot.Some(1); // so many ask at once that this one is let through uncounted
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** A tenant's bucket at one moment; times are microseconds since 1970. */
    private final class Bucket {

        private final String tenant;
        private final long interval;
        private final long now;

        Bucket(String tenant, long interval, long now) {
            this.tenant = tenant;
            this.interval = interval;
            this.now = now;
        }

        long end() {
            return now + BURST.toSeconds() * MICROS;
        }

        /** Gives out tokens of a bucket that is not full; or tells until when they are given out, -1: never used. */
        Optional<Long> goOn(int tokens) {
            var cost = tokens * interval;
            var values = values().with(":cost", cost).with(":now", now).with(":latest", end() - cost);
            return update("SET tat = tat + :cost, #ttl = :ttl", "tat BETWEEN :now AND :latest", values);
        }

        /** Gives out the first tokens of a full bucket; false when it is no longer full. */
        boolean begin(int tokens) {
            var values = values().with(":start", now + tokens * interval).with(":now", now);
            return update("SET tat = :start, #ttl = :ttl", "attribute_not_exists(tat) OR tat < :now", values)
                    .isEmpty();
        }

        private Item values() {
            return Item.empty().with(":ttl", now / MICROS + KEPT.toSeconds());
        }

        private Optional<Long> update(String expression, String condition, Item values) {
            try {
                dynamo.updateItem(update -> update.tableName(table)
                        .key(Item.key("pk", "RATE#" + tenant, "sk", "RATE"))
                        .updateExpression(expression)
                        .conditionExpression(condition)
                        .expressionAttributeNames(Map.of("#ttl", "ttl"))
                        .expressionAttributeValues(values.attributes())
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return Optional.empty();
            } catch (ConditionalCheckFailedException refused) {
                return Optional.of(refused.hasItem() ? Item.of(refused.item()).number("tat") : -1);
            }
        }
    }
}
