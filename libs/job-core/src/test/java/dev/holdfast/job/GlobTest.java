package dev.holdfast.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

class GlobTest {

    @Test
    void pathMatchesAsAWhole() {
        assertThat(matching("*.tmp", "a.tmp", ".tmp", "a.tmp.b", "a/b.tmp")).containsExactly("a.tmp", ".tmp");
        assertThat(matching("**.tmp", "a.tmp", "a/b.tmp", "a/b.txt")).containsExactly("a.tmp", "a/b.tmp");
        assertThat(matching("cache", "cache", "cache/a", "a/cache")).containsExactly("cache");
        assertThat(matching("a/**/b", "a/b", "a/x/b", "a/x/y/b")).containsExactly("a/x/b", "a/x/y/b");
        assertThat(matching("?", "a", "ä", "😀", "/", "ab")).containsExactly("a", "ä", "😀");
        assertThat(matching("[a-c!]", "b", "!", "d")).containsExactly("b", "!");
        assertThat(matching("[!a-c]", "b", "d", "/")).containsExactly("d");
        assertThat(matching("[a-]", "a", "-", "b")).containsExactly("a", "-");
        assertThat(matching("*.{jpg,png,}", "a.jpg", "b.png", "c.", "d.gif")).containsExactly("a.jpg", "b.png", "c.");
        assertThat(matching("{a*,b/?}c", "axc", "b/xc", "bxc")).containsExactly("axc", "b/xc");
        assertThat(matching("\\*\\\\", "*\\", "a\\")).containsExactly("*\\");
        assertThat(matching("**", "a/b", "a\nb")).containsExactly("a/b");
        assertThat(matching("}],", "}],")).containsExactly("}],");
    }

    @Test
    void whatIsNoPatternIsToldWhatItMustBe() {
        assertThat(Glob.objection("[a]{b,c}*")).isEmpty();
        assertThat(Glob.objection("[")).contains("must have a ] for each [");
        assertThat(Glob.objection("[a-")).contains("must have a ] for each [");
        assertThat(Glob.objection("[]")).contains("must name a character between [ and ]");
        assertThat(Glob.objection("[!]")).contains("must name a character between [ and ]");
        assertThat(Glob.objection("[a/b]")).contains("must not have a / between [ and ]");
        assertThat(Glob.objection("[c-a]"))
                .contains("must not have a range between [ and ] that ends before it begins");
        assertThat(Glob.objection("[a-c-e]")).contains("must not have a range between [ and ] that begins nowhere");
        assertThat(Glob.objection("{a")).contains("must have a } for each {");
        assertThat(Glob.objection("{a,{b}}")).contains("must not have a { between { and }");
        assertThat(Glob.objection("a\\"))
                .contains("must not end with a backslash: it takes the next character as it is");
        assertThatIllegalArgumentException().isThrownBy(() -> Glob.of("["));
    }

    /** The JDK lets the end of a range slip into the regular expression that it makes: those it means otherwise. */
    @Test
    void whatTheJdkTakesIsMeantAsTheJdkMeansIt() {
        var random = new Random(20_261_128);
        var taken = 0;
        var matched = 0;
        for (var round = 0; round < 50_000; round++) {
            var pattern = text(random, "aab/**?[]{},!-^\\&.\n", 9);
            var jdk = jdk(pattern);
            if (jdk.isEmpty() || pattern.contains("-\\") || pattern.contains("-[")) continue;
            taken++;
            var glob = Glob.of(pattern);
            for (var i = 0; i < 10; i++) {
                var path = Path.of(text(random, "aaabb/.!-^\\&\n", 6));
                var expected = jdk.get().matches(path);
                assertThat(glob.matches(path.toString()))
                        .as("%s of %s", path, pattern)
                        .isEqualTo(expected);
                if (expected) matched++;
            }
        }
        assertThat(taken).isGreaterThan(10_000);
        assertThat(matched).isGreaterThan(5_000);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void noPatternAndPathTakeLong() {
        var path = "a".repeat(1_024);
        for (var pattern :
                new String[] {"**a".repeat(341) + "b", "*[a-z]".repeat(170) + "b", "{*,**,a}".repeat(127) + "b"}) {
            assertThat(Glob.of(pattern).matches(path)).isFalse();
            assertThat(Glob.of(pattern).matches(path + "b")).isTrue();
        }
    }

    private static String[] matching(String pattern, String... paths) {
        var glob = Glob.of(pattern);
        return Stream.of(paths).filter(glob::matches).toArray(String[]::new);
    }

    private static Optional<PathMatcher> jdk(String pattern) {
        try {
            return Optional.of(FileSystems.getDefault().getPathMatcher("glob:" + pattern));
        } catch (PatternSyntaxException none) {
            return Optional.empty();
        }
    }

    private static String text(Random random, String of, int longest) {
        return random.ints(random.nextInt(longest + 1), 0, of.length())
                .mapToObj(i -> of.substring(i, i + 1))
                .collect(Collectors.joining());
    }
}
