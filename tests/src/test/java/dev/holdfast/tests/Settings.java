package dev.holdfast.tests;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Settings as services read them, with their defaults, for parts of services that a test puts together. */
public final class Settings {

    private Settings() {}

    /** Those given, and others from the environment and the system properties. */
    public static SmallRyeConfig of(Map<String, String> given, Class<?>... mappings) {
        var builder = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, Settings::duration)
                .addDefaultSources()
                .withDefaultValues(given)
                .withValidateUnknown(false);
        for (var mapping : mappings) builder.withMapping(mapping);
        return builder.build();
    }

    /** {@code 45s}, {@code 90d}, or as in ISO 8601. */
    private static Duration duration(String text) {
        var upper = text.toUpperCase(Locale.ROOT);
        if (upper.startsWith("P")) return Duration.parse(upper);
        if (upper.endsWith("MS")) return Duration.ofMillis(Long.parseLong(upper.substring(0, upper.length() - 2)));
        return Duration.parse((upper.endsWith("D") ? "P" : "PT") + upper);
    }
}
