package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscalerBehavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The part of KEDA's resources that Holdfast uses, field by field: see KEDA's ScaledObject specification, 2.17. */
final class KedaSchema {

    private static final Predicate<JsonElement> OBJECT = JsonElement::isJsonObject;
    private static final Predicate<JsonElement> LIST = JsonElement::isJsonArray;

    private static final Map<String, Predicate<JsonElement>> SCALED_OBJECT = Map.ofEntries(
            Map.entry("scaleTargetRef", OBJECT),
            Map.entry("scaleTargetRef.apiVersion", KedaSchema::text),
            Map.entry("scaleTargetRef.kind", KedaSchema::text),
            Map.entry("scaleTargetRef.name", KedaSchema::text),
            Map.entry("pollingInterval", KedaSchema::number),
            Map.entry("cooldownPeriod", KedaSchema::number),
            Map.entry("initialCooldownPeriod", KedaSchema::number),
            Map.entry("minReplicaCount", KedaSchema::number),
            Map.entry("maxReplicaCount", KedaSchema::number),
            Map.entry("fallback", OBJECT),
            Map.entry("fallback.failureThreshold", KedaSchema::number),
            Map.entry("fallback.replicas", KedaSchema::number),
            Map.entry("fallback.behavior", oneOf("static", "currentReplicas", "currentReplicasIfHigher")),
            Map.entry("advanced", OBJECT),
            Map.entry("advanced.horizontalPodAutoscalerConfig", OBJECT),
            Map.entry("triggers", LIST),
            Map.entry("triggers[].type", oneOf("aws-sqs-queue")),
            Map.entry("triggers[].metadata", OBJECT),
            Map.entry("triggers[].metadata.queueURL", KedaSchema::text),
            Map.entry("triggers[].metadata.queueURLFromEnv", KedaSchema::text),
            Map.entry("triggers[].metadata.awsRegion", KedaSchema::text),
            Map.entry("triggers[].metadata.queueLength", KedaSchema::text),
            Map.entry("triggers[].metadata.activationQueueLength", KedaSchema::text),
            Map.entry("triggers[].metadata.scaleOnInFlight", oneOf("true", "false")),
            Map.entry("triggers[].metadata.scaleOnDelayed", oneOf("true", "false")),
            Map.entry("triggers[].authenticationRef", OBJECT),
            Map.entry("triggers[].authenticationRef.name", KedaSchema::text));

    private static final Map<String, Predicate<JsonElement>> TRIGGER_AUTHENTICATION = Map.of(
            "podIdentity",
            OBJECT,
            "podIdentity.provider",
            oneOf("aws"),
            "podIdentity.roleArn",
            value -> text(value) && value.getAsString().matches("arn:[a-z-]+:iam::\\d{12}:role/.+"));

    /** Where Kubernetes' own schema goes on. */
    private static final String BEHAVIOR = "advanced.horizontalPodAutoscalerConfig.behavior";

    private KedaSchema() {}

    static List<String> faults(JsonObject manifest) {
        var faults = new ArrayList<String>();
        if (!Json.text(manifest, "apiVersion").equals("keda.sh/v1alpha1")) faults.add("apiVersion is not KEDA's");
        for (var key : manifest.keySet()) {
            if (!List.of("apiVersion", "kind", "metadata", "spec").contains(key)) faults.add("unknown field " + key);
        }
        switch (Json.text(manifest, "kind")) {
            case "ScaledObject" -> walk("", Json.at(manifest, "spec"), SCALED_OBJECT, faults);
            case "TriggerAuthentication" -> walk("", Json.at(manifest, "spec"), TRIGGER_AUTHENTICATION, faults);
            default -> faults.add("unknown kind of KEDA");
        }
        return faults;
    }

    private static void walk(
            String path, JsonElement here, Map<String, Predicate<JsonElement>> known, List<String> faults) {
        if (path.equals(BEHAVIOR)) {
            faults.addAll(Schema.strictly(V2HorizontalPodAutoscalerBehavior.class, here));
            return;
        }
        if (!path.isEmpty() && !path.endsWith("[]")) {
            var rule = known.get(path);
            if (rule == null) faults.add("unknown field " + path);
            else if (!rule.test(here)) faults.add("wrong value of " + path + ": " + here);
        }
        if (here.isJsonObject()) {
            here.getAsJsonObject()
                    .asMap()
                    .forEach((key, value) -> walk(path.isEmpty() ? key : path + "." + key, value, known, faults));
        } else if (here.isJsonArray()) {
            here.getAsJsonArray().forEach(element -> walk(path + "[]", element, known, faults));
        }
    }

    private static boolean text(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private static boolean number(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static Predicate<JsonElement> oneOf(String... choices) {
        return value -> text(value) && List.of(choices).contains(value.getAsString());
    }
}
