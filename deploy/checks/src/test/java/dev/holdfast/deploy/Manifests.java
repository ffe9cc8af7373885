package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What one overlay renders to. */
record Manifests(String overlay, List<JsonObject> all) {

    static final List<String> OVERLAYS = List.of("local-emulator", "prod-irsa", "prod-pod-identity");

    private static final Map<String, String> RENDERED = new LinkedHashMap<>();

    /** Renders an overlay by {@code kubectl kustomize}, once in a test run; each caller gets trees of its own. */
    static synchronized Manifests of(String overlay) {
        Tools.need("kubectl", "the Kubernetes manifests");
        var text = RENDERED.computeIfAbsent(
                overlay,
                name -> Tools.output(
                        Tools.ROOT, Map.of(), List.of("kubectl", "kustomize", "deploy/kubernetes/overlays/" + name)));
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        var all = new ArrayList<JsonObject>();
        for (var document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
            all.add(Json.of(document).getAsJsonObject());
        }
        return new Manifests(overlay, all);
    }

    boolean production() {
        return overlay.startsWith("prod-");
    }

    Stream<JsonObject> kind(String kind) {
        return all.stream().filter(manifest -> Json.text(manifest, "kind").equals(kind));
    }

    Optional<JsonObject> find(String kind, String name) {
        return kind(kind)
                .filter(manifest -> Json.text(manifest, "metadata.name").equals(name))
                .findFirst();
    }

    /** The manifest called {@code Kind/name}. */
    JsonObject get(String title) {
        var slash = title.indexOf('/');
        return find(title.substring(0, slash), title.substring(slash + 1))
                .orElseThrow(() -> new AssertionError("there is no " + title + " in " + overlay));
    }

    static String title(JsonElement manifest) {
        return Json.text(manifest, "kind") + "/" + Json.text(manifest, "metadata.name");
    }

    /** The pods that run Holdfast itself: all but the emulator. */
    Stream<JsonObject> services() {
        return kind("Deployment")
                .filter(deployment -> Json.text(deployment, "metadata.labels.app\\.kubernetes\\.io/part-of")
                        .equals("holdfast"));
    }

    /** The environment of a deployment's container, as the pod sees it: maps and secrets first, then its own. */
    Map<String, String> environment(JsonObject deployment) {
        var environment = new LinkedHashMap<String, String>();
        var container = Json.at(deployment, "spec.template.spec.containers.0");
        for (var source : Json.list(container, "envFrom")) {
            find("ConfigMap", Json.text(source, "configMapRef.name"))
                    .ifPresent(map -> Json.members(map, "data")
                            .forEach((key, value) -> environment.put(key, value.getAsString())));
            find("Secret", Json.text(source, "secretRef.name"))
                    .ifPresent(
                            secret -> Json.members(secret, "data").keySet().forEach(key -> environment.put(key, "")));
        }
        for (var variable : Json.list(container, "env")) {
            environment.put(Json.text(variable, "name"), Json.text(variable, "value"));
        }
        return environment;
    }
}
