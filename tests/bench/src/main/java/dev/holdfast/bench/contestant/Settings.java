package dev.holdfast.bench.contestant;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** The services' typed configuration, with their own defaults, outside of Quarkus. */
public final class Settings {

    private Settings() {}

    /** The mapping with its defaults but for the given keys. */
    public static <T> T of(Class<T> mapping, Map<String, String> changed) {
        return new SmallRyeConfigBuilder()
                .withMapping(mapping)
                .withDefaultValues(changed)
                .withConverter(Duration.class, 200, Settings::duration)
                .build()
                .getConfigMapping(mapping);
    }

    /** As Quarkus reads them, as far as our defaults need it: {@code 5ms}, {@code 45s}, {@code 90d}. */
    private static Duration duration(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text);
    }
}
