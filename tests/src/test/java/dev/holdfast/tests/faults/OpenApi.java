package dev.holdfast.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.holdfast.tests.Api.Answer;
import dev.holdfast.tests.RawHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document (3.1) that the service shows, as something to judge answers by. */
public final class OpenApi {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;

    /** Strict: what a schema does not name must not be there, so that nothing goes undocumented. */
    public OpenApi(JsonNode document) {
        this.document = document;
        document.at("/components/schemas").forEach(schema -> {
            if (schema instanceof ObjectNode object
                    && object.has("properties")
                    && !object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
        });
    }

    /** One method of one path. */
    public record Operation(String id, String method, String path, JsonNode node) {

        /** The statuses that are documented as its own. */
        public Set<Integer> statuses() {
            var statuses = new TreeSet<Integer>();
            node.path("responses").fieldNames().forEachRemaining(status -> {
                if (!status.equals("default")) statuses.add(Integer.parseInt(status));
            });
            return statuses;
        }

        public boolean hasBody() {
            return node.has("requestBody");
        }

        @Override
        public String toString() {
            return id;
        }
    }

    public List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (!METHODS.contains(method.getKey())) return;
                    var node = method.getValue();
                    operations.add(new Operation(
                            node.path("operationId").asText(),
                            method.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            node));
                }));
        return operations;
    }

    /** The statuses that a request for this operation may be refused with before it gets there. */
    Set<Integer> refusals(Operation operation) {
        var statuses = new TreeSet<Integer>();
        resolve(operation.node().at("/responses/default")).path("x-statuses").forEach(one -> statuses.add(one.asInt()));
        return statuses;
    }

    /** How a refusal differs from what is documented; empty when it does not. */
    List<String> faults(Operation operation, RawHttp.Answer refusal) {
        var content = resolve(operation.node().at("/responses/default")).path("content");
        var type = refusal.header("content-type").replaceFirst(";.*", "");
        if (!content.has(type)) {
            return List.of("%s %d answered as '%s': %s".formatted(operation, refusal.status(), type, refusal.body()));
        }
        return schemaFaults(content.path(type).path("schema"), refusal.json()).stream()
                .map(fault -> operation + " " + refusal.status() + ": " + fault)
                .toList();
    }

    /** How an answer differs from what is documented; empty when it does not. */
    List<String> faults(Operation operation, Answer answer) {
        var response = resolve(operation.node().path("responses").path(Integer.toString(answer.status())));
        if (response.isMissingNode()) {
            return List.of(operation + " answered " + answer.status() + ", which is not documented: " + text(answer));
        }
        var content = response.path("content");
        if (content.isMissingNode() || content.isEmpty()) {
            var body = answer.response().body();
            return body.isEmpty() ? List.of() : List.of(operation + " sent a body where there is none: " + body);
        }
        var type = answer.header("Content-Type").replaceFirst(";.*", "");
        if (!content.has(type)) {
            return List.of("%s %d answered as %s, not %s: %s"
                    .formatted(operation, answer.status(), type, content, text(answer)));
        }
        if (!type.contains("json") || type.contains("ndjson")) return List.of();
        return schemaFaults(content.path(type).path("schema"), answer.body()).stream()
                .map(fault -> operation + " " + answer.status() + ": " + fault)
                .toList();
    }

    private JsonNode resolve(JsonNode node) {
        var reference = node.path("$ref");
        return reference.isTextual() ? document.at(reference.asText().substring(1)) : node;
    }

    private List<String> schemaFaults(JsonNode schema, JsonNode value) {
        var whole = JSON.createObjectNode();
        whole.set("components", document.path("components"));
        whole.putArray("allOf").add(schema);
        return SCHEMAS.getSchema(whole).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    private static String text(Answer answer) {
        var body = answer.response().body();
        return body.substring(0, Math.min(300, body.length()));
    }
}
