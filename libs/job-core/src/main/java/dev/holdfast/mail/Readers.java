package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** What is known of addresses: what they asked to be spared of, by tenant, and whether they take mail at all. */
public final class Readers {

    private final DynamoDbClient dynamo;
    private final String name;
    private final InstantSource clock;

    /** @param name of the table {@code notifications} */
    public Readers(DynamoDbClient dynamo, String name, InstantSource clock) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
    }

    /** Why an address is not mailed. */
    public enum Reason {
        BOUNCE,
        /** Such as a full mailbox: it ends after a while. */
        SOFT_BOUNCE,
        COMPLAINT
    }

    /**
     * What is known of an address.
     *
     * @param spared the topics that it asked to be spared of
     * @param language its own, if it has said one
     * @param suppressed why it is not mailed at all, if so
     */
    public record Wishes(Set<Topic> spared, Optional<Language> language, Optional<Reason> suppressed) {

        /** Nothing is known. */
        public static final Wishes NONE = new Wishes(Set.of(), Optional.empty(), Optional.empty());

        /** Why such a mail is not to be sent; empty: it may be. */
        public Optional<String> objection(Topic topic) {
            if (suppressed.isPresent()) {
                return Optional.of("the address is suppressed: "
                        + suppressed.get().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
            return spared.contains(topic) ? Optional.of("the reader has unsubscribed") : Optional.empty();
        }
    }

    /** What is known of these addresses, in one request; strongly consistent. At most 50. */
    public Map<String, Wishes> wishes(String tenant, Set<String> addresses) {
        if (addresses.isEmpty()) return Map.of();
        var keys = addresses.stream()
                .map(Readers::normal)
                .distinct()
                .flatMap(address -> List.of(wishesOf(tenant, address), suppressionOf(address)).stream())
                .map(id -> Item.key("id", id))
                .toList();
        var wanted = Map.of(
                name,
                KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
        var items = dynamo.batchGetItemPaginator(get -> get.requestItems(wanted)).stream()
                .flatMap(page -> page.responses().getOrDefault(name, List.of()).stream())
                .map(Item::of)
                .collect(Collectors.toMap(item -> item.text("id"), item -> item));
        var wishes = new HashMap<String, Wishes>();
        for (var address : addresses) {
            wishes.put(
                    address,
                    wishes(
                            Optional.ofNullable(items.get(wishesOf(tenant, normal(address)))),
                            Optional.ofNullable(items.get(suppressionOf(normal(address))))));
        }
        return wishes;
    }

    private Wishes wishes(Optional<Item> own, Optional<Item> suppression) {
        if (own.isEmpty() && suppression.isEmpty()) return Wishes.NONE;
        return new Wishes(
                own.map(Readers::spared).orElse(Set.of()),
                own.flatMap(item -> item.optionalText("language")).flatMap(Language::closestTo),
                suppression
                        .filter(item -> item.optionalTime("until")
                                .filter(until -> !until.isAfter(clock.instant()))
                                .isEmpty())
                        .map(item -> Reason.valueOf(item.text("reason"))));
    }

    private static Set<Topic> spared(Item item) {
        return item.texts("spared").stream()
                .flatMap(topic -> Topic.named(topic).stream())
                .collect(Collectors.toSet());
    }

    /** Spares an address of a topic; called again, it changes nothing. */
    public void spare(String tenant, String address, Topic topic) {
        var id = wishesOf(tenant, normal(address));
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(Item.key("id", id))
                    .updateExpression(
                            "SET spared = list_append(if_not_exists(spared, :none), :topic), " + "changedAt = :now")
                    .conditionExpression("NOT contains(spared, :name)")
                    .expressionAttributeValues(Item.empty()
                            .with(":none", List.of())
                            .with(":topic", List.of(topic.wireName()))
                            .with(":name", topic.wireName())
                            .with(":now", clock.instant())
                            .attributes()));
        } catch (ConditionalCheckFailedException already) {
            // it is spared
        }
    }

    /** No mail goes to the address any more, from any tenant. A soft bounce never weakens what is known already. */
    public void suppress(String address, Reason reason, Optional<Duration> forTime) {
        var until = forTime.map(clock.instant()::plus);
        var item = Item.empty()
                .with("id", suppressionOf(normal(address)))
                .with("reason", reason.name())
                .with("since", clock.instant())
                .withTime("until", until);
        until.map(Instant::getEpochSecond).ifPresent(end -> item.with("ttl", end));
        try {
            dynamo.putItem(put -> {
                put.tableName(name).item(item.attributes());
                if (reason == Reason.SOFT_BOUNCE) {
                    put.conditionExpression("attribute_not_exists(id) OR attribute_exists(#until)")
                            .expressionAttributeNames(Map.of("#until", "until"));
                }
            });
        } catch (ConditionalCheckFailedException forGoodAlready) {
            // nothing to add
        }
    }

    /** Lets an address be mailed again; called again, it changes nothing. */
    public void release(String address) {
        dynamo.deleteItem(delete -> delete.tableName(name).key(key(suppressionOf(normal(address)))));
    }

    private static Map<String, AttributeValue> key(String id) {
        return Item.key("id", id);
    }

    private static String wishesOf(String tenant, String address) {
        return "address#" + tenant + "#" + address;
    }

    private static String suppressionOf(String address) {
        return "suppressed#" + address;
    }

    private static String normal(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
