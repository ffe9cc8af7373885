package dev.holdfast.core;

import java.time.Duration;

/** Checks settings against the ranges that their documentation gives. */
public final class Range {

    private Range() {}

    /** Throws {@link IllegalArgumentException} with the key and the range when the value is outside of it. */
    public static <T extends Comparable<T>> void check(String key, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, was %s".formatted(key, text(least), text(most), text(value)));
        }
    }

    private static String text(Object value) {
        return value instanceof Duration duration ? duration.toMillis() / 1000.0 + "s" : value.toString();
    }
}
