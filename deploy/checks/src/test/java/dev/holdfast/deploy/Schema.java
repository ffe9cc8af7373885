package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PriorityClass;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Refuses fields that Kubernetes or KEDA do not know, and values of the wrong type. */
final class Schema {

    private static final Map<String, Class<?>> KINDS = Map.ofEntries(
            Map.entry("v1/Namespace", V1Namespace.class),
            Map.entry("v1/ServiceAccount", V1ServiceAccount.class),
            Map.entry("v1/Service", V1Service.class),
            Map.entry("v1/ConfigMap", V1ConfigMap.class),
            Map.entry("v1/Secret", V1Secret.class),
            Map.entry("apps/v1/Deployment", V1Deployment.class),
            Map.entry("policy/v1/PodDisruptionBudget", V1PodDisruptionBudget.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy.class),
            Map.entry("scheduling.k8s.io/v1/PriorityClass", V1PriorityClass.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class));

    /** Choices that the client library takes for free text. */
    private static final Map<String, List<String>> CHOICES = Map.of(
            "imagePullPolicy", List.of("Always", "IfNotPresent", "Never"),
            "whenUnsatisfiable", List.of("ScheduleAnyway", "DoNotSchedule"),
            "preemptionPolicy", List.of("Never", "PreemptLowerPriority"),
            "unhealthyPodEvictionPolicy", List.of("AlwaysAllow", "IfHealthyBudget"),
            "policyTypes", List.of("Ingress", "Egress"),
            "protocol", List.of("TCP", "UDP", "SCTP"),
            "drop", List.of("ALL"));

    static {
        new JSON(); // its constructor fills the adapters in
    }

    private Schema() {}

    static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<String>();
        for (var manifest : manifests.all()) {
            var title = Manifests.title(manifest);
            for (var fault : faults(manifest)) faults.add(title + ": " + fault);
        }
        return faults;
    }

    private static List<String> faults(JsonObject manifest) {
        var version = Json.text(manifest, "apiVersion");
        if (version.startsWith("keda.sh/")) return KedaSchema.faults(manifest);
        var type = KINDS.get(version + "/" + Json.text(manifest, "kind"));
        if (type == null) return List.of("unknown kind of " + version);
        var faults = new ArrayList<>(strictly(type, manifest));
        choose("", manifest, faults);
        return faults;
    }

    /** Reads a tree as a class of the client library, which knows every field; nothing may be lost or changed. */
    static List<String> strictly(Class<?> type, JsonElement tree) {
        try {
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, tree);
            var back = JSON.getGson().toJsonTree(JSON.getGson().fromJson(tree, type));
            // Base64 may be broken into lines.
            return type == V1Secret.class || Json.same(Json.withoutEmpty(tree), Json.withoutEmpty(back))
                    ? List.of()
                    : List.of("loses or changes fields when it is read");
        } catch (InvocationTargetException e) {
            return List.of(Optional.ofNullable(e.getCause()).orElse(e).toString());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the client library is another than expected", e);
        } catch (RuntimeException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static void choose(String key, JsonElement here, List<String> faults) {
        if (here.isJsonObject()) here.getAsJsonObject().asMap().forEach((name, value) -> choose(name, value, faults));
        else if (here.isJsonArray()) here.getAsJsonArray().forEach(element -> choose(key, element, faults));
        else if (here.isJsonPrimitive()
                && CHOICES.containsKey(key)
                && !CHOICES.get(key).contains(here.getAsString())) {
            faults.add(key + " must be one of " + CHOICES.get(key) + ", is " + here.getAsString());
        }
    }
}
