package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who decides how many pods there are, and by what. */
final class ScalingRules {

    private ScalingRules() {}

    static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<String>();
        manifests.kind("ScaledObject").forEach(scaled -> {
            var found = new ArrayList<String>();
            scaled(manifests, scaled, found);
            found.forEach(fault -> faults.add(Manifests.title(scaled) + ": " + fault));
        });
        manifests.kind("HorizontalPodAutoscaler").forEach(scaler -> {
            var target = Json.text(scaler, "spec.scaleTargetRef.name");
            alone(manifests, target).ifPresent(fault -> faults.add(Manifests.title(scaler) + ": " + fault));
        });
        if (manifests.production()) faults.addAll(lanes(manifests));
        return faults;
    }

    /** Each lane has one, and its queue is that lane's. */
    private static List<String> lanes(Manifests manifests) {
        var faults = new ArrayList<String>();
        for (var lane : List.of("quick", "bulk")) {
            if (manifests.find("ScaledObject", "worker-" + lane).isEmpty()) {
                faults.add("lane " + lane + " has no ScaledObject");
            }
        }
        return faults;
    }

    private static void scaled(Manifests manifests, JsonObject scaled, List<String> faults) {
        var target = Json.text(scaled, "spec.scaleTargetRef.name");
        alone(manifests, target).ifPresent(faults::add);
        if (Json.number(scaled, "spec.fallback.replicas") < 1) faults.add("has no fallback for when KEDA is blind");
        if (Json.number(scaled, "spec.maxReplicaCount") < 1) faults.add("has no maxReplicaCount");
        if (Json.number(scaled, "spec.minReplicaCount") < 0) faults.add("has no minReplicaCount");
        var down = Json.number(
                scaled, "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds");
        if (down < 300) faults.add("takes pods away after less than 300 s");
        for (var trigger : Json.list(scaled, "spec.triggers")) trigger(manifests, target, trigger, faults);
    }

    private static void trigger(Manifests manifests, String target, JsonElement trigger, List<String> faults) {
        var metadata = Json.members(trigger, "metadata");
        if (metadata.containsKey("identityOwner")) faults.add("identityOwner is deprecated: use podIdentity");
        if (!Json.text(trigger, "metadata.scaleOnInFlight").equals("true")) {
            faults.add("does not count messages in work: their pods would go");
        }
        var authentication = Json.text(trigger, "authenticationRef.name");
        if (manifests.find("TriggerAuthentication", authentication).isEmpty()) {
            faults.add("has no TriggerAuthentication: " + authentication);
        }
        manifests.find("Deployment", target).ifPresent(deployment -> {
            var environment = manifests.environment(deployment);
            var queue = environment.getOrDefault("HOLDFAST_RESOURCES_PREFIX", "holdfast-")
                    + environment.getOrDefault("HOLDFAST_WORKER_LANES", "");
            var url = Json.text(trigger, "metadata.queueURL");
            if (!url.endsWith("/" + queue)) faults.add("looks at " + url + ", but its pods work on " + queue);
            var region = Json.text(trigger, "metadata.awsRegion");
            if (!region.equals(environment.get("AWS_REGION")) || !url.contains("." + region + ".")) {
                faults.add("looks into another region: " + region);
            }
            perPod(environment, Json.text(trigger, "metadata.queueLength"), faults);
        });
    }

    /** A pod is worth as many messages as it has slots, or a few times that. */
    private static void perPod(Map<String, String> environment, String queueLength, List<String> faults) {
        var slots = Integer.parseInt(Settings.value(environment, "HOLDFAST_QUEUE_SLOTS"));
        if (!queueLength.matches("\\d+")
                || Integer.parseInt(queueLength) < slots
                || Integer.parseInt(queueLength) > 5 * slots) {
            faults.add("queueLength " + queueLength + " is not 1 to 5 times the slots of a pod, " + slots);
        }
    }

    /** The target exists, and nothing else says how many replicas it has. */
    private static Optional<String> alone(Manifests manifests, String target) {
        var deployment = manifests.find("Deployment", target);
        if (deployment.isEmpty()) return Optional.of("scales a Deployment that is not there: " + target);
        if (!Json.at(deployment.get(), "spec.replicas").isJsonNull()) {
            return Optional.of("scales " + target + ", which sets replicas itself");
        }
        var scalers = manifests
                        .kind("ScaledObject")
                        .filter(scaled ->
                                Json.text(scaled, "spec.scaleTargetRef.name").equals(target))
                        .count()
                + manifests
                        .kind("HorizontalPodAutoscaler")
                        .filter(scaler ->
                                Json.text(scaler, "spec.scaleTargetRef.name").equals(target))
                        .count();
        return scalers == 1 ? Optional.empty() : Optional.of("scales " + target + ", which another scales too");
    }
}
