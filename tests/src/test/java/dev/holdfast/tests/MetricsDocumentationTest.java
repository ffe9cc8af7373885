package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps docs/metrics.md true: a row for every metric that the Javadoc of its method names, and no other. */
class MetricsDocumentationTest {

    private static final Path ROOT = Cloud.CHECKOUT.root();
    private static final Path CODE = ROOT.resolve("libs/job-core/src/main/java/dev/holdfast/metrics/Metrics.java");

    /** A name with an underscore and its tags in the Javadoc, or a name of one word with a tag. */
    private static final Pattern NAMED = Pattern.compile("\\{@code ((?:[a-z0-9]+_[a-z0-9_]+|[a-z]+(?=\\{)))");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\|");

    @Test
    void everyMetricIsDocumentedAndNoOther() throws IOException {
        assertThat(names(ROW, ROOT.resolve("docs/metrics.md"))).isEqualTo(names(NAMED, CODE));
    }

    private static Set<String> names(Pattern pattern, Path file) throws IOException {
        var names = pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).as(file.toString()).hasSizeGreaterThan(10);
        return names;
    }
}
