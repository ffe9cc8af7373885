package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Json;
import dev.holdfast.mail.MailSettings.Digest;
import dev.holdfast.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * What tenants wish of their mails, and their webhooks: one item for each tenant. Read at every job that is submitted,
 * so remembered for a while. Thread-safe.
 */
public final class MailSettingsTable {

    /** How long settings are remembered: how late a change is heeded by other processes. */
    static final Duration MEMORY = Duration.ofSeconds(10);

    private final DynamoDbClient dynamo;
    private final String name;
    private final InstantSource clock;
    private final Map<String, Remembered> memory = new ConcurrentHashMap<>();

    /** Those who change a tenant's webhooks at the same time all get their turn within so many tries. */
    private static final int TRIES = 20;

    private record Remembered(MailSettings settings, List<Webhook> webhooks, Instant until) {}

    /** @param name of the table {@code notifications} */
    public MailSettingsTable(DynamoDbClient dynamo, String name, InstantSource clock) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
    }

    /** The tenant's settings, up to ten seconds old; those of a tenant that has said nothing are the default. */
    public MailSettings of(String tenant) {
        return remembered(tenant).settings();
    }

    /** The ends of jobs of that type that webhooks of the tenant want to hear of; as old. */
    public Set<JobState> heard(String tenant, JobType type) {
        var webhooks = remembered(tenant).webhooks();
        if (webhooks.isEmpty()) return Set.of();
        return Webhook.ENDS.stream()
                .filter(end -> webhooks.stream().anyMatch(webhook -> webhook.wants(type, end)))
                .collect(Collectors.toSet());
    }

    private Remembered remembered(String tenant) {
        var now = clock.instant();
        var known = memory.get(tenant);
        if (known != null && known.until().isAfter(now)) return known;
        var item = read(tenant);
        var read = new Remembered(settings(item), webhooks(item), now.plus(MEMORY));
        memory.put(tenant, read);
        return read;
    }

    private Item read(String tenant) {
        return Item.of(dynamo.getItem(get ->
                        get.tableName(name).key(Item.key("id", id(tenant))).consistentRead(true))
                .item());
    }

    /** The same as they are now. */
    public MailSettings find(String tenant) {
        return settings(read(tenant));
    }

    private static MailSettings settings(Item item) {
        return item.optionalText("settings")
                .map(json -> Json.read(json, MailSettings.class))
                .orElse(MailSettings.DEFAULT);
    }

    /** Replaces them. */
    public void replace(String tenant, MailSettings settings) {
        var values = Item.empty()
                .with(":owner", tenant)
                .with(":settings", Json.write(settings))
                .with(":now", clock.instant());
        settings.digest()
                .ifPresent(digest ->
                        values.with(":digest", NotificationTable.DIGEST).with(":next", digest.next(clock.instant())));
        var digest = settings.digest().isPresent() ? ", digest = :digest, nextAt = :next" : " REMOVE digest, nextAt";
        dynamo.updateItem(update -> update.tableName(name)
                .key(Item.key("id", id(tenant)))
                .updateExpression("SET #owner = :owner, settings = :settings, changedAt = :now" + digest)
                .expressionAttributeNames(Map.of("#owner", "owner"))
                .expressionAttributeValues(values.attributes()));
        memory.remove(tenant);
    }

    /** The tenant's webhooks as they are now. */
    public List<Webhook> webhooks(String tenant) {
        return webhooks(read(tenant));
    }

    private static List<Webhook> webhooks(Item item) {
        return item.texts("webhooks").stream()
                .map(json -> Json.read(json, Webhook.class))
                .toList();
    }

    /**
     * Changes the tenant's webhooks.
     *
     * @param change makes of the present ones those that there shall be; asked again when another change came between.
     *     What it throws is passed on, and changes nothing
     * @return the webhooks as they are then
     */
    public List<Webhook> changeWebhooks(String tenant, UnaryOperator<List<Webhook>> change) {
        for (var tries = 1; ; tries++) {
            var item = read(tenant);
            var wanted = change.apply(webhooks(item));
            try {
                write(tenant, wanted, item.numberOrZero("webhooksVersion"));
                memory.remove(tenant);
                return wanted;
            } catch (ConditionalCheckFailedException another) {
                if (tries == TRIES) throw another;
            }
        }
    }

    private void write(String tenant, List<Webhook> webhooks, long seen) {
        var values = Item.empty()
                .with(":owner", tenant)
                .with(":webhooks", webhooks.stream().map(Json::write).toList())
                .with(":next", seen + 1);
        if (seen > 0) values.with(":seen", seen);
        dynamo.updateItem(update -> update.tableName(name)
                .key(Item.key("id", id(tenant)))
                .updateExpression("SET #owner = :owner, webhooks = :webhooks, webhooksVersion = :next")
                .conditionExpression(seen > 0 ? "webhooksVersion = :seen" : "attribute_not_exists(webhooksVersion)")
                .expressionAttributeNames(Map.of("#owner", "owner"))
                .expressionAttributeValues(values.attributes()));
    }

    /** A digest whose time has come. */
    public record Due(String tenant, MailSettings settings, Digest digest, Instant at) {}

    /** Digests that are due, the earliest first, at most 100. A moment behind the table. */
    public List<Due> due() {
        var keys = dynamo.query(query -> query.tableName(name)
                        .indexName(NotificationTable.DIGEST)
                        .keyConditionExpression("digest = :digest AND nextAt <= :now")
                        .expressionAttributeValues(Item.empty()
                                .with(":digest", NotificationTable.DIGEST)
                                .with(":now", clock.instant())
                                .attributes())
                        .limit(100))
                .items();
        return keys.stream().map(Item::of).flatMap(key -> due(key).stream()).toList();
    }

    private Optional<Due> due(Item key) {
        var tenant = key.text("id").substring("settings#".length());
        var settings = find(tenant);
        return settings.digest().map(digest -> new Due(tenant, settings, digest, key.time("nextAt")));
    }

    /**
     * Notes that a digest was asked for: the next one is due at its next time. Whoever comes second changes nothing.
     */
    public void digested(Due due) {
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(Item.key("id", id(due.tenant())))
                    .updateExpression("SET nextAt = :next")
                    .conditionExpression("nextAt = :seen")
                    .expressionAttributeValues(Item.empty()
                            .with(":next", due.digest().next(clock.instant()))
                            .with(":seen", due.at())
                            .attributes()));
        } catch (ConditionalCheckFailedException already) {
            // another notifier has, or the settings have changed
        }
    }

    private static String id(String tenant) {
        return "settings#" + tenant;
    }
}
