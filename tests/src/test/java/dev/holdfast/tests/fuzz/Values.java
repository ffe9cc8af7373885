package dev.holdfast.tests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes values that fit a schema of the OpenAPI document; what a schema cannot say, the name of the field does. */
final class Values {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final JsonNode document;
    private final List<String> ids;

    /** {@code ids} of things that are there; it grows while requests are made. */
    Values(JsonNode document, List<String> ids) {
        this.document = document;
        this.ids = ids;
    }

    /** A value for a field of that name. */
    JsonNode of(JsonNode schema, String name, Random random) {
        var known = known(name, random);
        if (known != null) return known;
        var resolved = resolve(schema, random);
        if (resolved.has("enum")) return any(resolved.path("enum"), random);
        return switch (type(resolved)) {
            case "object" -> object(resolved, name, random);
            case "array" -> array(resolved, name, random);
            case "integer" ->
                JSON.getNodeFactory()
                        .numberNode(resolved.path("minimum").asLong(1)
                                + random.nextInt(Math.max(1, (int)
                                        Math.min(20, resolved.path("maximum").asLong(20)))));
            case "number" -> JSON.getNodeFactory().numberNode(random.nextDouble());
            case "boolean" -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            default -> TextNode.valueOf("text-" + random.nextInt(1_000));
        };
    }

    private static @org.jspecify.annotations.Nullable JsonNode known(String name, Random random) {
        var text = switch (name) {
            case "type" -> random.nextInt(3) == 0 ? "backup" : "registration";
            case "email", "to" -> "fuzz-" + NUMBER.incrementAndGet() + "@example.org";
            case "username" -> "fuzz-" + NUMBER.incrementAndGet();
            case "cron" -> "0 0 1 1 *";
            case "timezone" -> "Europe/Berlin";
            case "expectWithin" -> "PT2H";
            case "notBefore" -> "2199-01-01T00:00:00Z";
            case "deadline" -> "2199-02-01T00:00:00Z";
            case "since" -> "2026-01-01T00:00:00Z";
            case "until" -> "2199-01-01T00:00:00Z";
            case "sha256" -> "ab".repeat(32);
            case "lane" -> "quick";
            case "wait" -> "0s";
            case "label" -> "team:core";
            case "limit" -> "5";
            default -> "";
        };
        return text.isEmpty() ? null : TextNode.valueOf(text);
    }

    private JsonNode resolve(JsonNode schema, Random random) {
        if (schema.has("$ref")) {
            return resolve(document.at(schema.path("$ref").asText().substring(1)), random);
        }
        var choice = schema.has("anyOf") ? schema.path("anyOf") : schema.path("oneOf");
        return choice.isArray() ? resolve(choice.get(0), random) : schema;
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type");
        return type.isArray() ? type.get(0).asText() : type.asText(schema.has("properties") ? "object" : "string");
    }

    private JsonNode object(JsonNode schema, String name, Random random) {
        if (name.equals("payload")) return payload(random);
        var object = JSON.createObjectNode();
        var required = JSON.convertValue(schema.path("required"), String[].class);
        var must = required == null ? List.<String>of() : List.of(required);
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            if (field.getKey().equals("every")) continue; // a schedule has a cron or this
            if (must.contains(field.getKey()) || field.getKey().equals("cron") || random.nextInt(3) == 0) {
                object.set(field.getKey(), of(field.getValue(), field.getKey(), random));
            }
        }
        if (schema.path("additionalProperties").isObject() && random.nextBoolean()) object.put("team", "core");
        return object;
    }

    private JsonNode payload(Random random) {
        var object = JSON.createObjectNode();
        if (random.nextInt(3) > 0) {
            return object.<com.fasterxml.jackson.databind.node.ObjectNode>set("username", known("username", random))
                    .set("email", known("email", random));
        }
        object.put("repository", "default");
        object.putObject("source").put("kind", "inline").put("name", "a.txt").put("contentBase64", "aGVsbG8=");
        return object;
    }

    private JsonNode array(JsonNode schema, String name, Random random) {
        var array = JSON.createArrayNode();
        var length = Math.max(schema.path("minItems").asInt(0), random.nextInt(3));
        for (var i = 0; i < length; i++) array.add(of(schema.path("items"), name, random));
        return array;
    }

    private static JsonNode any(JsonNode values, Random random) {
        return values.isEmpty() ? JsonNodeFactory.instance.nullNode() : values.get(random.nextInt(values.size()));
    }

    /** A value for a parameter of a path. */
    String inPath(String name, Random random) {
        if (name.equals("name")) return "default";
        synchronized (ids) {
            return ids.isEmpty() || random.nextInt(5) == 0
                    ? "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"
                    : ids.get(random.nextInt(ids.size()));
        }
    }
}
