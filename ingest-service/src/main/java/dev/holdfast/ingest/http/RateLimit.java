package dev.holdfast.ingest.http;

import java.time.Duration;
import java.util.Optional;

/**
 * A quota and how much is left of it, as draft-ietf-httpapi-ratelimit-headers-10 writes them.
 *
 * @param name names the quota, in letters and dashes
 * @param most what may be taken
 * @param window in what time; empty: at a time
 * @param unit what is counted, if it is not requests
 * @param left what may still be taken
 * @param retryAfter when there may be more
 */
public record RateLimit(
        String name, long most, Optional<Duration> window, Optional<String> unit, long left, Duration retryAfter) {

    static final String POLICY = "RateLimit-Policy";
    static final String LIMIT = "RateLimit";

    /** Whole seconds, at least one. */
    long retrySeconds() {
        return Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }

    /** Such as {@code "requests";q=500;w=5}. */
    String policy() {
        return "\"%s\";q=%d%s%s"
                .formatted(
                        name,
                        most,
                        unit.map(text -> ";qu=\"" + text + "\"").orElse(""),
                        window.map(time -> ";w=" + time.toSeconds()).orElse(""));
    }

    /** Such as {@code "requests";r=0;t=1}. */
    String state() {
        return "\"%s\";r=%d;t=%d".formatted(name, Math.max(0, left), retrySeconds());
    }
}
