package dev.holdfast.ingest.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.RateLimit;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The bytes that tenants have brought today, by the calendar of UTC. Each process takes a hundredth of the quota from
 * the table at a time and spends it by itself: so a tenant costs each process about a hundred writes a day, never gets
 * more than its quota, and may get so much less as processes hold when they end.
 */
@Singleton
final class DailyBytes {

    private static final int LOTS = 100;
    private static final Duration KEPT = Duration.ofDays(7);

    private final DynamoDbClient dynamo;
    private final String table;
    private final QuotaWarnings warnings;
    private final InstantSource clock;
    private final Cache<String, Purse> purses = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    DailyBytes(DynamoDbClient dynamo, TableNames tables, QuotaWarnings warnings, InstantSource clock) {
        this.dynamo = dynamo;
        this.table = tables.access();
        this.warnings = warnings;
        this.clock = clock;
    }

    /** Takes so many bytes; a problem 429 when the day has not so many left. */
    void take(String tenant, long most, long bytes) {
        purses.get(tenant, Purse::new).take(most, bytes, clock.instant());
    }

    /** For what came to nothing. */
    void giveBack(String tenant, long bytes) {
        purses.get(tenant, Purse::new).add(bytes);
    }

    /** What this process may still let one tenant bring. */
    private final class Purse {

        private final String tenant;
        private final ReentrantLock lock = new ReentrantLock();
        private LocalDate day = LocalDate.EPOCH;
        private long left;

        Purse(String tenant) {
            this.tenant = tenant;
        }

        void add(long bytes) {
            lock.lock();
            try {
                left += bytes;
            } finally {
                lock.unlock();
            }
        }

        void take(long most, long bytes, Instant now) {
            lock.lock();
            try {
                var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
                if (!today.equals(day)) left = 0;
                day = today;
                if (left < bytes) fill(most, bytes - left, now);
                left -= bytes;
            } finally {
                lock.unlock();
            }
        }

        /** Takes a lot from the table, or just what is missing when there is not so much. */
        private void fill(long most, long missing, Instant now) {
            var lot = Math.max(missing, most / LOTS);
            if (reserve(most, lot).isEmpty()) {
                left += lot;
                return;
            }
            var taken = reserve(most, missing);
            if (taken.isPresent()) throw refused(most, most - taken.get() + left, now);
            left += missing;
        }

        /** Empty when it was reserved; else how much is. */
        private Optional<Long> reserve(long most, long bytes) {
            if (bytes > most) return Optional.of(takenToday());
            try {
                var ends = day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(KEPT);
                var updated = dynamo.updateItem(update -> update.tableName(table)
                        .key(key())
                        .returnValues("UPDATED_NEW")
                        .updateExpression("SET #ttl = :ttl ADD taken :bytes")
                        .conditionExpression("attribute_not_exists(taken) OR taken <= :rest")
                        .expressionAttributeNames(Map.of("#ttl", "ttl"))
                        .expressionAttributeValues(Item.empty()
                                .with(":bytes", bytes)
                                .with(":rest", most - bytes)
                                .with(":ttl", ends.getEpochSecond())
                                .attributes())
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                warnings.used(tenant, "bytes", Item.of(updated.attributes()).number("taken"), most);
                return Optional.empty();
            } catch (ConditionalCheckFailedException full) {
                return Optional.of(Item.of(full.item()).number("taken"));
            }
        }

        private long takenToday() {
            var response = dynamo.getItem(get -> get.tableName(table).key(key()));
            return response.hasItem() ? Item.of(response.item()).number("taken") : 0;
        }

        private Map<String, AttributeValue> key() {
            return Item.key("pk", "BYTES#" + tenant, "sk", day.toString());
        }

        private ProblemException refused(long most, long rest, Instant now) {
            var midnight = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            var limit = new RateLimit(
                    "bytes",
                    most,
                    Optional.of(Duration.ofDays(1)),
                    Optional.of("content-bytes"),
                    rest,
                    Duration.between(now, midnight));
            return ProblemException.overQuota(
                    limit, "This tenant may bring %d bytes a day, jobs and uploads together.".formatted(most));
        }
    }
}
