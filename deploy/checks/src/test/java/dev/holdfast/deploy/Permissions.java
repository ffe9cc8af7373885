package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What each part may do: {@code permissions.json} of the Terraform module. */
final class Permissions {

    private static final String FILE = "deploy/terraform/modules/holdfast/permissions.json";

    private Permissions() {}

    static JsonObject file() {
        return Json.parse(Tools.read(FILE));
    }

    static Map<String, JsonElement> ofTerraform() {
        return new TreeMap<>(file().asMap());
    }

    /** Too much, or too little for what the services cannot do without. */
    static List<String> faults(JsonObject permissions) {
        var faults = new ArrayList<String>();
        permissions
                .asMap()
                .forEach((part, grants) -> grants.getAsJsonObject().asMap().forEach((what, actions) -> {
                    for (var action : actions.getAsJsonArray()) {
                        if (action.getAsString().contains("*")) {
                            faults.add(part + " may do " + action.getAsString() + " on " + what);
                        }
                    }
                    if (what.contains("*")) faults.add(part + " may do something on " + what);
                }));
        consumes(permissions, "worker", "queue/quick", faults);
        consumes(permissions, "worker", "queue/bulk", faults);
        consumes(permissions, "notify", "queue/events", faults);
        var keda = Json.members(permissions, "keda");
        if (!keda.keySet().equals(Set.of("queue/quick", "queue/bulk"))
                || keda.values().stream()
                        .anyMatch(actions -> !actions.toString().equals("[\"sqs:GetQueueAttributes\"]"))) {
            faults.add("keda may do other things than look at the lanes");
        }
        return faults;
    }

    /** Without the second of them heartbeats fail, and every long job runs twice. */
    private static void consumes(JsonObject permissions, String part, String queue, List<String> faults) {
        for (var action : List.of("sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage")) {
            if (Json.list(permissions, part + "." + queue).stream()
                    .noneMatch(granted -> granted.getAsString().equals(action))) {
                faults.add(part + " may not do " + action + " on " + queue);
            }
        }
    }
}
