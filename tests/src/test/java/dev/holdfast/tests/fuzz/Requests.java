package dev.holdfast.tests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.faults.OpenApi;
import dev.holdfast.tests.faults.OpenApi.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes valid requests for the operations of the OpenAPI document. */
final class Requests {

    private final List<Operation> operations;
    private final JsonNode document;
    private final Values values;
    private final String key;

    Requests(JsonNode document, Values values, String key) {
        this.operations = new OpenApi(document.deepCopy()).operations();
        this.document = document;
        this.values = values;
        this.key = key;
    }

    int operations() {
        return operations.size();
    }

    /** One for any of them. */
    Request next(Random random) {
        var operation = operations.get(random.nextInt(operations.size()));
        var headers = new ArrayList<>(List.of("Host: localhost", "Authorization: Bearer " + key));
        var target = operation.path();
        var query = new ArrayList<String>();
        for (var parameter : operation.node().path("parameters")) {
            var name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> target = target.replace("{" + name + "}", values.inPath(name, random));
                case "query" -> {
                    if (parameter.path("required").asBoolean() || random.nextInt(3) == 0) {
                        query.add(name + "=" + text(parameter, name, random));
                    }
                }
                default -> {
                    if (random.nextInt(3) == 0) headers.add(name + ": " + text(parameter, name, random));
                }
            }
        }
        if (!query.isEmpty()) target += "?" + String.join("&", query);
        var content = operation.node().at("/requestBody/content");
        if (content.isMissingNode()) return Request.of(operation.method(), target, headers, new byte[0]);
        headers.add("Content-Type: application/json");
        var body = values.of(content.iterator().next().path("schema"), "", random);
        return Request.of(operation.method(), target, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String text(JsonNode parameter, String name, Random random) {
        var value = values.of(parameter.path("schema"), name, random);
        var first = value.isArray() ? value.path(0) : value;
        return URLEncoder.encode(first.asText(), StandardCharsets.UTF_8);
    }

    JsonNode document() {
        return document;
    }
}
