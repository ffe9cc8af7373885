package dev.holdfast.ingest.jobs;

import dev.holdfast.ingest.http.QueryParameter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The query parameter {@code wait}: {@code 20s}, or a duration of ISO 8601 such as {@code PT20S}; at most a minute. */
final class WaitLimit {

    private static final Duration MAX = Duration.ofMinutes(1);

    private WaitLimit() {}

    /** Zero when it is absent; a problem 422 when it is malformed or too long. */
    static Duration parse(@Nullable String text) {
        if (text == null) return Duration.ZERO;
        try {
            var wait = Duration.parse(text.startsWith("P") ? text : "PT" + text);
            if (!wait.isNegative() && wait.compareTo(MAX) <= 0) return wait;
        } catch (DateTimeParseException malformed) {
            // answered like one that is out of range
        }
        throw QueryParameter.invalid("wait must be 0s to 60s, such as wait=20s.");
    }
}
