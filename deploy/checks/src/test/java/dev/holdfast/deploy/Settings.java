package dev.holdfast.deploy;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings of the services as docs/configuration.md lists them, which another test keeps true to the code. */
final class Settings {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(holdfast\\.[a-z.-]+)` \\| `?([^|`]*)`? \\|");
    private static final Pattern OTHER = Pattern.compile("\\b((?:AWS|QUARKUS)_[A-Z0-9_]+)\\b");
    private static final String PAGE = Tools.read("docs/configuration.md");

    /** Defaults by the names of environment variables. */
    private static final Map<String, String> DEFAULTS = defaults();

    private Settings() {}

    private static Map<String, String> defaults() {
        var defaults = new TreeMap<String, String>();
        ROW.matcher(PAGE)
                .results()
                .forEach(row -> defaults.put(
                        row.group(1).replaceAll("[.-]", "_").toUpperCase(Locale.ROOT),
                        row.group(2).strip()));
        if (defaults.size() < 10) throw new AssertionError("docs/configuration.md could not be read: " + defaults);
        return defaults;
    }

    /** Whether a service reads this environment variable. */
    static boolean known(String variable) {
        return DEFAULTS.containsKey(variable)
                || OTHER.matcher(PAGE)
                        .results()
                        .anyMatch(mention -> mention.group(1).equals(variable));
    }

    static Set<String> variables() {
        return DEFAULTS.keySet();
    }

    static String value(Map<String, String> environment, String variable) {
        return environment.getOrDefault(variable, DEFAULTS.getOrDefault(variable, ""));
    }

    /** A setting in whole seconds, written {@code 90s}, {@code 10m}, {@code 1h}, {@code 1d} or {@code 500ms}. */
    static Duration duration(Map<String, String> environment, String variable) {
        var value = value(environment, variable);
        var matcher = Pattern.compile("(\\d+)(ms|s|m|h|d)").matcher(value);
        if (!matcher.matches()) throw new AssertionError(variable + " is no duration: " + value);
        var number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
