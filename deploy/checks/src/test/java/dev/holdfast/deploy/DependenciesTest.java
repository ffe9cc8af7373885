package dev.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever adds a library says in docs/decisions.md why, and nothing that has gone is still listed. */
class DependenciesTest {

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ((?:`[^`]+`(?:, )?)+) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`:]+):([^`:]+)`");

    @Test
    void everyDependencyHasItsReason() throws IOException {
        assertThat(listed(Tools.read("docs/decisions.md"))).isEqualTo(used());
    }

    @Test
    void severalNamesInOneRowAreAllRead() {
        assertThat(listed("| `a.b:c-d`, `e:f` | why | MIT | |\n| - `g:h` | no row |"))
                .containsExactly("a.b:c-d", "e:f");
    }

    private static Set<String> listed(String page) {
        var names = new TreeSet<String>();
        ROW.matcher(page)
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .forEach(name -> names.add(name.group(1) + ":" + name.group(2)));
        return names;
    }

    /** What the modules ask for themselves, Holdfast's own modules left out. */
    private static Set<String> used() throws IOException {
        var names = new TreeSet<String>();
        try (var files = Files.walk(Tools.ROOT)) {
            for (var pom : files.filter(file -> file.endsWith("pom.xml"))
                    .filter(file -> !Tools.ROOT.relativize(file).toString().matches(".*(target|node_modules)/.*"))
                    .toList()) {
                DEPENDENCY
                        .matcher(Files.readString(pom))
                        .results()
                        .map(dependency -> dependency.group(1) + ":" + dependency.group(2))
                        .filter(name -> !name.startsWith("dev.holdfast:"))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
