package dev.holdfast.tests;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jobs of a schedule as they lie in the table, by their ticks.
 *
 * @param first the first tick that the schedule was to fire
 */
public record Ticks(String schedule, Instant first, List<Tick> fired) {

    /**
     * The job of a tick.
     *
     * @param askedAt when it was accepted
     * @param runs how often it was claimed
     */
    public record Tick(Instant at, Instant askedAt, JobState state, long runs) {

        private static Tick of(Item item) {
            return new Tick(
                    Instant.parse(item.textMap("labels").getOrDefault("scheduledFor", "none")),
                    item.time("createdAt"),
                    JobState.valueOf(item.text("state")),
                    item.number("fence"));
        }

        private Duration delay() {
            return Duration.between(at, askedAt);
        }
    }

    /** Reads the jobs of the schedule of that name. */
    public static Ticks read(House house, String schedule, Instant first) {
        try (var dynamo = Cloud.dynamo()) {
            var fired =
                    dynamo
                            .scanPaginator(
                                    scan -> scan.tableName(house.table("jobs")).consistentRead(true))
                            .items()
                            .stream()
                            .map(Item::of)
                            .filter(item ->
                                    schedule.equals(item.textMap("labels").get("schedule")))
                            .map(Tick::of)
                            .sorted(Comparator.comparing(Tick::at))
                            .toList();
            return new Ticks(schedule, first, fired);
        }
    }

    /** The times of the ticks that fired; one that fired twice is named twice. */
    public List<Instant> times() {
        return fired.stream().map(Tick::at).toList();
    }

    /** What the times of a plan of seconds had to be, up to the last that fired. */
    public List<Instant> expected() {
        var last = fired.getLast().at();
        return Stream.iterate(first, at -> !at.isAfter(last), at -> at.plusSeconds(1))
                .toList();
    }

    /** Missing and doubled ticks, and how late they were. */
    public String figures() {
        var distinct = times().stream().distinct().count();
        var delays = fired.stream().map(Tick::delay).sorted().toList();
        return "schedule %s: %d ticks expected, %d fired, %d missing, %d doubled; delay p50 %d ms, p99 %d ms, max %d ms"
                .formatted(
                        schedule,
                        expected().size(),
                        fired.size(),
                        expected().size() - distinct,
                        fired.size() - distinct,
                        delays.get(delays.size() / 2).toMillis(),
                        delays.get(delays.size() * 99 / 100).toMillis(),
                        delays.getLast().toMillis());
    }
}
