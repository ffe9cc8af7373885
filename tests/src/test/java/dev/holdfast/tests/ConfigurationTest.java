package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

    private static final Path ROOT = Cloud.CHECKOUT.root();
    private static final Pattern PREFIX = Pattern.compile("@ConfigMapping\\(prefix = \"([a-z.-]+)\"\\)");

    /** A method of a mapping, with the default above it if there is one. */
    private static final Pattern METHOD =
            Pattern.compile("(?:@WithDefault\\(\"([^\"]*)\"\\)\\s*)?\\n    [A-Za-z<>]+ ([a-zA-Z]+)\\(\\);");

    /** A row of a table that begins with a key and its default. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(holdfast\\.[a-z.-]+)` \\| ([^|]*) \\|");

    @Test
    void everyKeyIsDocumentedWithItsDefaultAndNoOther() throws IOException {
        var documented = ROW.matcher(Files.readString(ROOT.resolve("docs/configuration.md")))
                .results()
                .map(row -> row.group(1) + " = " + row.group(2).replace("`", "").strip())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(keysInCode());
    }

    private static Set<String> keysInCode() throws IOException {
        var keys = new TreeSet<String>();
        for (var module :
                new String[] {"libs/job-core", "libs/repositories", "ingest-service", "worker-service", "notify-service"
                }) {
            try (var files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                files.filter(file -> file.toString().endsWith("Config.java")).forEach(file -> keys.addAll(keys(file)));
            }
        }
        assertThat(keys).hasSizeGreaterThan(10);
        return keys;
    }

    private static Set<String> keys(Path mapping) {
        try {
            var source = Files.readString(mapping);
            var prefix = PREFIX.matcher(source);
            if (!prefix.find()) throw new AssertionError(mapping + " has no @ConfigMapping");
            return METHOD.matcher(source)
                    .results()
                    .map(method -> prefix.group(1) + "." + dashed(method.group(2)) + " = "
                            + (method.group(1) == null ? "none" : method.group(1)))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
