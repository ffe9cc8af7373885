package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Json;
import dev.holdfast.mail.MailSettings.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** What tenants wish of their mails. Read at every job that is submitted, so remembered for a while. Thread-safe. */
public final class MailSettingsTable {

    /** How long settings are remembered: how late a change is heeded by other processes. */
    static final Duration MEMORY = Duration.ofSeconds(10);

    private final DynamoDbClient dynamo;
    private final String name;
    private final InstantSource clock;
    private final Map<String, Remembered> memory = new ConcurrentHashMap<>();

    private record Remembered(MailSettings settings, Instant until) {}

    /** @param name of the table {@code notifications} */
    public MailSettingsTable(DynamoDbClient dynamo, String name, InstantSource clock) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
    }

    /** The tenant's settings, up to ten seconds old; those of a tenant that has said nothing are the default. */
    public MailSettings of(String tenant) {
        var now = clock.instant();
        var known = memory.get(tenant);
        if (known != null && known.until().isAfter(now)) return known.settings();
        var settings = find(tenant);
        memory.put(tenant, new Remembered(settings, now.plus(MEMORY)));
        return settings;
    }

    /** The same as they are now. */
    public MailSettings find(String tenant) {
        var item = dynamo.getItem(get ->
                        get.tableName(name).key(Item.key("id", id(tenant))).consistentRead(true))
                .item();
        return Item.of(item)
                .optionalText("settings")
                .map(json -> Json.read(json, MailSettings.class))
                .orElse(MailSettings.DEFAULT);
    }

    /** Replaces them. */
    public void replace(String tenant, MailSettings settings) {
        var item = Item.empty()
                .with("id", id(tenant))
                .with("owner", tenant)
                .with("settings", Json.write(settings))
                .with("changedAt", clock.instant());
        settings.digest()
                .ifPresent(digest -> item.with(NotificationTable.DIGEST, NotificationTable.DIGEST)
                        .with("nextAt", digest.next(clock.instant())));
        dynamo.putItem(put -> put.tableName(name).item(item.attributes()));
        memory.remove(tenant);
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
