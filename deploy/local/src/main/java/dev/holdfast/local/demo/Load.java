package dev.holdfast.local.demo;

import dev.holdfast.local.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Small jobs, many at once. */
public final class Load {
    private Load() {}

    /**
     * Registers users, and waits until all are.
     *
     * @param users 1 to 100: what one request takes
     * @throws StepFailed if a job is refused or fails
     */
    public static void registrations(Stack stack, int users) {
        Api api = new Api(stack.url(), stack.apiKey());
        List<Map<String, Object>> items = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            String name = "user-" + UUID.randomUUID().toString().substring(0, 13);
            items.add(Map.of(
                    "job",
                    Map.of(
                            "type",
                            "registration",
                            "payload",
                            Map.of("username", name, "email", name + "@example.org"))));
        }
        for (JsonNode item :
                api.post("/v1/jobs/batch", Map.of("items", items), 200).path("items")) {
            if (item.path("status").asInt(0) != 202) {
                throw new StepFailed("each job should be accepted: " + item);
            }
            api.awaitSuccess(item.path("id").asString(""));
        }
    }
}
