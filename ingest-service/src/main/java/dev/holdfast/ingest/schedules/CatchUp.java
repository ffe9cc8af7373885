package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What becomes of the ticks that were missed because nothing was there to fire them. */
enum CatchUp {
    /** Nothing: the schedule goes on with its next tick. */
    @JsonProperty("none")
    NONE,
    /** The last of them fires, for all. */
    @JsonProperty("latest")
    LATEST,
    /** Each of them fires, the last {@link #MOST} if there are more; the earliest first. */
    @JsonProperty("all")
    ALL;

    /** A tick that is no later than this is merely late, and fires under every policy. */
    static final Duration LATE = Duration.ofMinutes(1);

    /** How many missed ticks are caught up with at most. */
    static final int MOST = 1_000;

    /** The name in the HTTP API and in the table. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CatchUp named(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }

    /**
     * The ticks to fire now, in their order.
     *
     * @param due the earliest tick that has not fired
     * @param limit at most so many; the rest is found again from the tick after the last of them
     */
    List<Instant> ticks(Plan plan, Instant due, Instant now, int limit) {
        if (due.isAfter(now)) return List.of();
        if (!due.isBefore(now.minus(LATE))) return first(limit, plan.last(limit(due, now), due.minusMillis(1), now));
        return switch (this) {
            case NONE -> List.of();
            case LATEST -> plan.last(1, due.minusMillis(1), now);
            case ALL -> first(limit, plan.last(MOST, due.minusMillis(1), now));
        };
    }

    /** No plan has two ticks within a second. */
    private static int limit(Instant due, Instant now) {
        return (int) Duration.between(due, now).toSeconds() + 2;
    }

    private static List<Instant> first(int limit, List<Instant> ticks) {
        return ticks.subList(0, Math.min(limit, ticks.size()));
    }
}
