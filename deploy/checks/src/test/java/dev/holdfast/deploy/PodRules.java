package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How each pod must be: locked up, watched, bounded, and given the time to end its work. */
final class PodRules {

    /** Beyond the drain: for what is in flush, and for the JVM to end. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final String NAME = "metadata.labels.app\\.kubernetes\\.io/name";

    private PodRules() {}

    static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<String>();
        manifests.kind("Deployment").forEach(deployment -> {
            var found = new ArrayList<String>();
            locked(deployment, found);
            watched(deployment, found);
            bounded(manifests, deployment, found);
            settled(manifests, deployment, found);
            found.forEach(fault -> faults.add(Manifests.title(deployment) + ": " + fault));
        });
        manifests.services().forEach(service -> {
            var found = new ArrayList<String>();
            guarded(manifests, service, found);
            ends(manifests, service, found);
            found.forEach(fault -> faults.add(Manifests.title(service) + ": " + fault));
        });
        return faults;
    }

    private static void locked(JsonObject deployment, List<String> faults) {
        var pod = Json.at(deployment, "spec.template.spec");
        check(faults, is(pod, "securityContext.runAsNonRoot", true), "may run as root");
        check(faults, Json.number(pod, "securityContext.runAsUser") > 0, "has no user id above 0");
        check(
                faults,
                Json.text(pod, "securityContext.seccompProfile.type").equals("RuntimeDefault"),
                "has no seccomp profile");
        check(faults, is(pod, "automountServiceAccountToken", false), "gets a token for the Kubernetes API");
        for (var flag : List.of("hostNetwork", "hostPID", "hostIPC")) {
            check(faults, Json.at(pod, flag).isJsonNull(), "asks for " + flag);
        }
        for (var volume : Json.list(pod, "volumes")) {
            check(faults, Json.at(volume, "hostPath").isJsonNull(), "mounts a folder of its node");
        }
        for (var container : Json.list(pod, "containers")) {
            var context = Json.at(container, "securityContext");
            check(faults, is(context, "readOnlyRootFilesystem", true), "can write to its root");
            check(faults, is(context, "allowPrivilegeEscalation", false), "may gain privileges");
            check(faults, is(context, "capabilities.drop.0", "ALL"), "keeps capabilities");
            check(faults, Json.at(context, "privileged").isJsonNull(), "is privileged");
            check(faults, Json.list(context, "capabilities.add").isEmpty(), "adds capabilities");
            var image = Json.text(container, "image");
            check(faults, image.matches(".+:[^:/]+") && !image.endsWith(":latest"), "has no fixed image: " + image);
        }
    }

    private static void watched(JsonObject deployment, List<String> faults) {
        for (var container : Json.list(deployment, "spec.template.spec.containers")) {
            for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                check(faults, Json.at(container, probe).isJsonObject(), "has no " + probe);
            }
        }
    }

    private static void bounded(Manifests manifests, JsonObject deployment, List<String> faults) {
        var pod = Json.at(deployment, "spec.template.spec");
        for (var container : Json.list(pod, "containers")) {
            for (var amount : List.of("requests.cpu", "requests.memory", "limits.memory", "limits.ephemeral-storage")) {
                check(faults, !Json.at(container, "resources." + amount).isJsonNull(), "has no resources." + amount);
            }
        }
        for (var volume : Json.list(pod, "volumes")) {
            check(
                    faults,
                    Json.at(volume, "emptyDir").isJsonNull()
                            || !Json.at(volume, "emptyDir.sizeLimit").isJsonNull(),
                    "has a volume without limit");
        }
        var priority = Json.text(pod, "priorityClassName");
        check(faults, manifests.find("PriorityClass", priority).isPresent(), "has no priority: '" + priority + "'");
    }

    /** Its settings are settings, its secrets are references, its account exists. */
    private static void settled(Manifests manifests, JsonObject deployment, List<String> faults) {
        var pod = Json.at(deployment, "spec.template.spec");
        for (var container : Json.list(pod, "containers")) {
            for (var variable : Json.list(container, "env")) {
                var secret = Json.text(variable, "name").matches(".*(KEY|SECRET|TOKEN|PASSWORD).*");
                check(
                        faults,
                        !secret || Json.at(variable, "value").isJsonNull(),
                        "has a secret in clear: " + Json.text(variable, "name"));
            }
            for (var source : Json.list(container, "envFrom")) {
                var map = Json.text(source, "configMapRef.name");
                check(
                        faults,
                        map.isEmpty() || manifests.find("ConfigMap", map).isPresent(),
                        "reads a ConfigMap that is not there: " + map);
            }
        }
        if (!Json.text(deployment, "metadata.labels.app\\.kubernetes\\.io/part-of")
                .equals("holdfast")) return;
        manifests.environment(deployment).forEach((name, value) -> {
            check(faults, Settings.known(name), "sets " + name + ", which no service reads");
        });
        var account = Json.text(pod, "serviceAccountName");
        check(faults, manifests.find("ServiceAccount", account).isPresent(), "has no service account: " + account);
    }

    /**
     * A disruption budget for it, an even spread, and a rolling update that takes none away before another is there.
     */
    private static void guarded(Manifests manifests, JsonObject deployment, List<String> faults) {
        var labels = Json.members(deployment, "spec.template.metadata.labels");
        check(
                faults,
                manifests
                        .kind("PodDisruptionBudget")
                        .anyMatch(budget -> matches(Json.members(budget, "spec.selector.matchLabels"), labels)),
                "has no disruption budget");
        check(
                faults,
                matches(Json.members(deployment, "spec.selector.matchLabels"), labels),
                "does not select its own pods");
        for (var topology : List.of("topology.kubernetes.io/zone", "kubernetes.io/hostname")) {
            check(
                    faults,
                    Json.list(deployment, "spec.template.spec.topologySpreadConstraints").stream()
                            .anyMatch(spread -> Json.text(spread, "topologyKey").equals(topology)
                                    && matches(Json.members(spread, "labelSelector.matchLabels"), labels)),
                    "is not spread over " + topology);
        }
        check(
                faults,
                is(deployment, "spec.strategy.rollingUpdate.maxUnavailable", 0),
                "loses pods before others are ready");
        check(faults, !Json.text(deployment, NAME).isEmpty(), "has no name label");
    }

    /** The grace period holds the whole drain; balancers learn of the end before the door closes. */
    private static void ends(Manifests manifests, JsonObject deployment, List<String> faults) {
        var environment = manifests.environment(deployment);
        var grace = Duration.ofSeconds(Json.number(deployment, "spec.template.spec.terminationGracePeriodSeconds"));
        var stop = Duration.ofSeconds(Math.max(
                0, Json.number(deployment, "spec.template.spec.containers.0.lifecycle.preStop.sleep.seconds")));
        var drain = Settings.duration(environment, "HOLDFAST_QUEUE_DRAIN_TIMEOUT");
        check(
                faults,
                grace.compareTo(drain.plus(stop).plus(MARGIN)) >= 0,
                "has a grace of " + grace.toSeconds() + " s, less than its drain of " + drain.toSeconds() + " s, "
                        + stop.toSeconds() + " s before and " + MARGIN.toSeconds() + " s after it");
        check(
                faults,
                Settings.value(environment, "HOLDFAST_QUEUE_WAIT_TIME").equals("20s"),
                "polls for less than 20 s: every empty answer costs a request");
        var service = manifests
                .kind("Service")
                .anyMatch(front -> matches(
                        Json.members(front, "spec.selector"),
                        Json.members(deployment, "spec.template.metadata.labels")));
        check(faults, !service || !stop.isZero(), "closes its door before balancers know");
    }

    private static boolean matches(Map<String, JsonElement> selector, Map<String, JsonElement> labels) {
        return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    private static boolean is(JsonElement tree, String path, Object value) {
        return Json.same(Json.at(tree, path), Json.of(value));
    }

    private static void check(List<String> faults, boolean good, String fault) {
        if (!good) faults.add(fault);
    }
}
