package dev.holdfast.notify;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.metrics.Metrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Stops the mails of a tenant of which too many bounce or are complained of, before SES stops the whole account. They
 * wait on their queue. Counted by what SES tells, today and yesterday (UTC) together; counts of a notifier that dies
 * may be lost.
 */
@Singleton
final class Streams {

    private static final Logger LOG = Logger.getLogger(Streams.class);
    private static final Duration RETENTION = Duration.ofDays(7);

    private final DynamoDbClient dynamo;
    private final String table;
    private final DeliveryConfig config;
    private final Metrics metrics;
    private final InstantSource clock;
    private final Map<String, Counts> fresh = new ConcurrentHashMap<>();
    private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();

    private record Counts(LongAdder delivered, LongAdder bounced, LongAdder complained) {
        static Counts none() {
            return new Counts(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private record Verdict(boolean stopped, Instant until) {}

    Streams(TableNames tables, DynamoDbClient dynamo, DeliveryConfig config, Metrics metrics, InstantSource clock) {
        this.dynamo = dynamo;
        this.table = tables.notifications();
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** How long a tenant's mails wait; empty: they need not. */
    Optional<Duration> held(String tenant) {
        var known = verdicts.get(tenant);
        if (known == null || !known.until().isAfter(clock.instant())) known = judge(tenant);
        return known.stopped() ? Optional.of(config.heldFor()) : Optional.empty();
    }

    private Verdict judge(String tenant) {
        var now = clock.instant();
        var today = counts(tenant, now);
        var yesterday = counts(tenant, now.minus(1, ChronoUnit.DAYS));
        var bounced = today.numberOrZero("bounced") + yesterday.numberOrZero("bounced");
        var complained = today.numberOrZero("complained") + yesterday.numberOrZero("complained");
        var told = bounced + today.numberOrZero("delivered") + yesterday.numberOrZero("delivered");
        var stopped = told >= config.stopSample()
                && (bounced * 100.0 >= told * config.stopAtBounces()
                        || complained * 100.0 >= told * config.stopAtComplaints());
        var before = verdicts.put(tenant, new Verdict(stopped, now.plus(config.every())));
        if (stopped && (before == null || !before.stopped())) {
            LOG.errorf(
                    "mails of a tenant stopped tenant=%s told=%d bounced=%d complained=%d",
                    tenant, told, bounced, complained);
        }
        metrics.streamsStopped(
                verdicts.values().stream().filter(Verdict::stopped).count());
        return new Verdict(stopped, now);
    }

    private Item counts(String tenant, Instant day) {
        var item = dynamo.getItem(get -> get.tableName(table).key(Item.key("id", id(tenant, day))))
                .item();
        return Item.of(item);
    }

    /** Counts what SES told of a mail of the tenant's. */
    void told(String tenant, State fate) {
        var counts = fresh.computeIfAbsent(tenant, any -> Counts.none());
        switch (fate) {
            case DELIVERED -> counts.delivered().increment();
            case BOUNCED -> counts.bounced().increment();
            case COMPLAINED -> counts.complained().increment();
            default -> throw new IllegalArgumentException("SES tells of no " + fate);
        }
    }

    /** Writes down what was counted since the last time. */
    @Scheduled(
            every = "{holdfast.notify.every}",
            delayed = "{holdfast.notify.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void flush() {
        try {
            fresh.forEach(this::flush);
        } catch (SdkException e) {
            LOG.warnf("what SES told could not be counted error=%s", e.getMessage());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        flush();
    }

    private void flush(String tenant, Counts counts) {
        var delivered = counts.delivered().sumThenReset();
        var bounced = counts.bounced().sumThenReset();
        var complained = counts.complained().sumThenReset();
        if (delivered + bounced + complained == 0) return;
        var now = clock.instant();
        dynamo.updateItem(update -> update.tableName(table)
                .key(Item.key("id", id(tenant, now)))
                .updateExpression("SET #ttl = :ttl ADD delivered :delivered, bounced :bounced, complained :complained")
                .expressionAttributeNames(Map.of("#ttl", "ttl"))
                .expressionAttributeValues(Item.empty()
                        .with(":ttl", now.plus(RETENTION).getEpochSecond())
                        .with(":delivered", delivered)
                        .with(":bounced", bounced)
                        .with(":complained", complained)
                        .attributes()));
    }

    private static String id(String tenant, Instant day) {
        return "rates#" + tenant + "#"
                + day.truncatedTo(ChronoUnit.DAYS).toString().substring(0, 10);
    }
}
