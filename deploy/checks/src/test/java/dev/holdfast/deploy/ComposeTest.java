package dev.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The composition names what is there. NOT VERIFIED: that {@code docker compose} starts it. */
class ComposeTest {

    private static final String FOLDER = "deploy/compose/";
    private static final List<String> SERVICES = List.of("ingest", "worker", "notify");

    @Test
    void servicesAreLockedUpAndSetBySettingsThatExist() {
        var compose = file("compose.yaml");
        for (var name : SERVICES) {
            var service = Json.at(compose, "services." + name);
            assertThat(Json.text(service, "image")).isEqualTo("holdfast/" + name + ":0.1.0");
            assertThat(Json.text(service, "read_only")).as(name).isEqualTo("true");
            assertThat(Json.text(service, "user")).isEqualTo("10001:10001");
            assertThat(Json.text(service, "cap_drop.0")).isEqualTo("ALL");
            assertThat(Json.text(service, "mem_limit")).isNotEmpty();
            assertThat(Json.text(service, "build.args.SERVICE")).isEqualTo(name);
            assertThat(Json.members(service, "environment").keySet())
                    .contains("AWS_ENDPOINT_URL")
                    .allMatch(Settings::known);
            assertThat(Tools.ROOT
                            .resolve(FOLDER)
                            .resolve(Json.text(service, "build.context"))
                            .resolve(Json.text(service, "build.dockerfile")))
                    .exists();
        }
    }

    @Test
    void filesThatAreMountedAreThere() {
        var compose = file("compose.yaml");
        var mounted = Stream.of("prometheus", "grafana")
                .flatMap(name -> Json.list(compose, "services." + name + ".volumes").stream())
                .map(JsonElement::getAsString)
                .map(volume -> volume.substring(0, volume.indexOf(':')))
                .toList();

        assertThat(mounted)
                .hasSize(4)
                .allMatch(path -> Files.exists(Tools.ROOT.resolve(FOLDER).resolve(path)));
    }

    @Test
    void bothEmulatorsTakeTheSamePlace() {
        for (var overlay : List.of("compose.floci.yaml", "compose.localstack.yaml")) {
            var services = Json.members(file(overlay), "services");
            assertThat(services.keySet()).as(overlay).containsExactly("emulator");
        }
        assertThat(Tools.read(FOLDER + "compose.localstack.yaml")).contains("${LOCALSTACK_AUTH_TOKEN:?");
    }

    @Test
    void prometheusLooksWhereTheServicesAnswer() {
        var prometheus = Tools.read(FOLDER + "prometheus.yml");
        for (var service : SERVICES) {
            var port = Tools.read(service + "-service/src/main/resources/application.properties")
                    .lines()
                    .filter(line -> line.startsWith(
                            service.equals("ingest") ? "quarkus.management.port=" : "quarkus.http.port="))
                    .map(line -> line.substring(line.indexOf('=') + 1))
                    .findFirst()
                    .orElseThrow();
            assertThat(prometheus).contains("names: [" + service + "]\n        type: A\n        port: " + port);
        }
    }

    private static JsonElement file(String name) {
        return Json.of(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(Tools.read(FOLDER + name)));
    }
}
