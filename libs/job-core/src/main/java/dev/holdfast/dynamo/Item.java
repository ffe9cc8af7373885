package dev.holdfast.dynamo;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A DynamoDB item, or the values of an expression, written and read by type. Times are kept as epoch milliseconds. */
public final class Item {

    private final Map<String, AttributeValue> attributes;

    private Item(Map<String, AttributeValue> attributes) {
        this.attributes = attributes;
    }

    /** An empty item, to be filled by {@code with}. */
    public static Item empty() {
        return new Item(new LinkedHashMap<>());
    }

    /** An item that DynamoDB returned. */
    public static Item of(Map<String, AttributeValue> attributes) {
        return new Item(attributes);
    }

    /** A key of one string attribute. */
    public static Map<String, AttributeValue> key(String name, String value) {
        return empty().with(name, value).attributes();
    }

    /** A key of partition and sort attribute. */
    public static Map<String, AttributeValue> key(String pk, String pkValue, String sk, String skValue) {
        return empty().with(pk, pkValue).with(sk, skValue).attributes();
    }

    public Item with(String name, String value) {
        attributes.put(name, AttributeValue.fromS(value));
        return this;
    }

    public Item with(String name, long value) {
        attributes.put(name, AttributeValue.fromN(Long.toString(value)));
        return this;
    }

    public Item with(String name, Instant value) {
        return with(name, value.toEpochMilli());
    }

    public Item with(String name, List<String> values) {
        attributes.put(
                name,
                AttributeValue.fromL(values.stream().map(AttributeValue::fromS).toList()));
        return this;
    }

    public Item with(String name, Map<String, String> values) {
        var map = new LinkedHashMap<String, AttributeValue>();
        values.forEach((key, value) -> map.put(key, AttributeValue.fromS(value)));
        attributes.put(name, AttributeValue.fromM(map));
        return this;
    }

    /** Adds all that another item has. */
    public Item withAll(Item other) {
        attributes.putAll(other.attributes);
        return this;
    }

    /** Leaves the attribute out when there is no value. */
    public Item withTime(String name, Optional<Instant> value) {
        value.ifPresent(instant -> with(name, instant));
        return this;
    }

    public boolean has(String name) {
        return attributes.containsKey(name);
    }

    /** The string of that name; throws {@link IllegalStateException} when the item has none. */
    public String text(String name) {
        return required(name).s();
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable(attributes.get(name)).map(AttributeValue::s);
    }

    /** The number of that name; throws {@link IllegalStateException} when the item has none. */
    public long number(String name) {
        return Long.parseLong(required(name).n());
    }

    /** The number of that name; 0 when the item has none. */
    public long numberOrZero(String name) {
        return has(name) ? number(name) : 0;
    }

    public Instant time(String name) {
        return Instant.ofEpochMilli(number(name));
    }

    public Optional<Instant> optionalTime(String name) {
        return has(name) ? Optional.of(time(name)) : Optional.empty();
    }

    public List<String> texts(String name) {
        return has(name) ? required(name).l().stream().map(AttributeValue::s).toList() : List.of();
    }

    /** The map of strings of that name; empty when the item has none. */
    public Map<String, String> textMap(String name) {
        if (!has(name)) return Map.of();
        var map = new LinkedHashMap<String, String>();
        required(name).m().forEach((key, value) -> map.put(key, value.s()));
        return map;
    }

    public Map<String, AttributeValue> attributes() {
        return attributes;
    }

    private AttributeValue required(String name) {
        var value = attributes.get(name);
        if (value == null) throw new IllegalStateException("item without " + name + ": " + attributes.keySet());
        return value;
    }
}
