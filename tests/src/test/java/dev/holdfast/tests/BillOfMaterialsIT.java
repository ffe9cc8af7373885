package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bill of materials that the build of each service makes ({@code target/bom.json}, CycloneDX) tells the truth. */
class BillOfMaterialsIT {

    /** Of the build, and not of the service: for those who start it in an editor. */
    private static final String LEFT_OUT = "io.quarkus.quarkus-ide-launcher-";

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "worker", "notify"})
    void billNamesEveryJarOfTheServiceAndNoOther(String service) throws IOException {
        assumeThat(Cloud.NATIVE)
                .as("NOT VERIFIED: what a native executable is made of: it has no jars to compare")
                .isFalse();
        // given
        var bill = bill(service);
        // when
        var listed = new TreeSet<String>();
        bill.path("components").forEach(component -> listed.add(jar(component)));
        listed.removeIf(jar -> jar.startsWith(LEFT_OUT));
        // then
        assertThat(listed).isEqualTo(jars(service));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "worker", "notify"})
    void everyPartHasDigestAndLicence(String service) throws IOException {
        var without = new ArrayList<String>();
        bill(service).path("components").forEach(component -> {
            if (component.path("group").asText().equals("dev.holdfast")) return;
            if (component.path("licenses").isEmpty()
                    || component.path("hashes").findValuesAsText("alg").stream().noneMatch("SHA-256"::equals)) {
                without.add(jar(component));
            }
        });

        assertThat(without).isEmpty();
    }

    /** A time or a random number in it would make two builds of the same code differ. */
    @ParameterizedTest
    @ValueSource(strings = {"ingest", "worker", "notify"})
    void billOfTheSameCodeIsTheSame(String service) throws IOException {
        var bill = bill(service);

        assertThat(bill.at("/metadata/timestamp").isMissingNode()).isTrue();
        assertThat(bill.path("serialNumber").asText()).as("a UUID of names").matches("urn:uuid:.{14}3.+");
    }

    private static JsonNode bill(String service) throws IOException {
        var file = target(service).resolve("bom.json");
        if (!Files.exists(file)) {
            System.out.println("NOT VERIFIED: the bill of materials of " + service + ": an offline build makes none");
        }
        assumeThat(file).exists();
        return new ObjectMapper().readTree(Files.readString(file));
    }

    private static Set<String> jars(String service) throws IOException {
        var jars = new TreeSet<String>();
        for (var folder : List.of("boot", "main")) {
            try (var files =
                    Files.list(target(service).resolve("quarkus-app/lib").resolve(folder))) {
                files.forEach(file -> jars.add(file.getFileName().toString()));
            }
        }
        return jars;
    }

    /** As Quarkus names the file: {@code group.artifact-version-classifier.jar}. */
    private static String jar(JsonNode component) {
        var purl = component.path("purl").asText();
        var classifier = purl.replaceFirst(".*[?&]classifier=([^&]+).*", "-$1");
        return component.path("group").asText() + "."
                + component.path("name").asText() + "-"
                + component.path("version").asText()
                + (classifier.equals(purl) ? "" : classifier) + ".jar";
    }

    private static Path target(String service) {
        return Cloud.CHECKOUT.root().resolve(service + "-service/target");
    }
}
