package dev.holdfast.tests.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of which some entries fail.
 *
 * @param request what is left of it
 * @param lost the ids of those that fail
 */
record SqsBatch(HttpMessage request, List<String> lost) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Takes the first entries out; at least one stays, because SQS refuses an empty batch. */
    static SqsBatch without(int entries, HttpMessage request) throws IOException {
        var body = (ObjectNode) JSON.readTree(request.body());
        var all = (ArrayNode) body.path("Entries");
        var lost = new ArrayList<String>();
        while (lost.size() < entries && all.size() > 1)
            lost.add(all.remove(0).path("Id").asText());
        return new SqsBatch(request.withBody(JSON.writeValueAsBytes(body)), List.copyOf(lost));
    }

    /** The answer for the whole batch. */
    HttpMessage answer(HttpMessage ofTheRest) throws IOException {
        var body = (ObjectNode) JSON.readTree(ofTheRest.body());
        var failed = body.withArray("Failed");
        for (var id : lost) failed.add(failure(id));
        return ofTheRest.withBody(body.toString().getBytes(UTF_8));
    }

    private static JsonNode failure(String id) {
        return JSON.createObjectNode()
                .put("Id", id)
                .put("Code", "InternalError")
                .put("Message", "We encountered an internal error. Please try again.")
                .put("SenderFault", false);
    }
}
