package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What happens at a tick while the job of the one before has not ended. */
enum Overlap {
    /** The tick fires all the same. */
    @JsonProperty("allow")
    ALLOW,
    /** The tick is left out. */
    @JsonProperty("skip")
    SKIP;

    /** The name in the HTTP API and in the table. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Overlap named(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
