package dev.holdfast.local.launcher;

import java.time.Duration;

/** How figures are written for people. */
public final class Report {
    private Report() {}

    /** {@code 3 min 20 s}. */
    public static String duration(Duration time) {
        if (time.compareTo(Duration.ofMinutes(1)) < 0) {
            return time.toSeconds() + " s";
        }
        if (time.compareTo(Duration.ofHours(1)) < 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    /** {@code 12.3 kB}. */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        if (bytes < 1_000_000) {
            return "%.1f kB".formatted(bytes / 1e3);
        }
        return "%.1f MB".formatted(bytes / 1e6);
    }
}
