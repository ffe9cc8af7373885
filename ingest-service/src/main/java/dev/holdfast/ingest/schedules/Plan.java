package dev.holdfast.ingest.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** When a schedule fires: its ticks, without end. */
sealed interface Plan {

    /** The first tick after that moment. */
    Instant next(Instant after);

    /** The first ticks after that moment. */
    default List<Instant> upcoming(Instant after, int number) {
        var ticks = new ArrayList<Instant>();
        for (var tick = next(after); ticks.size() < number; tick = next(tick)) ticks.add(tick);
        return ticks;
    }

    /**
     * The last ticks of a time that may be long: looked for from its end, in windows that grow.
     *
     * @param number at most so many; the earliest of them comes first
     * @param after where the time begins; no part of it
     * @param until where it ends; a part of it
     */
    default List<Instant> last(int number, Instant after, Instant until) {
        for (var width = Duration.ofMinutes(1); ; width = width.multipliedBy(2)) {
            var start = until.minus(width);
            var whole = !start.isAfter(after);
            var found = lastOf(number, whole ? after : start, until);
            if (whole || found.size() == number) return found;
        }
    }

    private List<Instant> lastOf(int number, Instant after, Instant until) {
        var found = new ArrayDeque<Instant>();
        for (var tick = next(after); !tick.isAfter(until); tick = next(tick)) {
            if (found.size() == number) found.removeFirst();
            found.addLast(tick);
        }
        return List.copyOf(found);
    }

    /** Every so long after the moment at which it began. */
    record Rate(Instant begunAt, Duration every) implements Plan {

        public Rate {
            if (every.toMillis() < 1) throw new IllegalArgumentException("every must be positive, was " + every);
        }

        @Override
        public Instant next(Instant after) {
            var passed = Math.max(0, Duration.between(begunAt, after).toMillis());
            return begunAt.plus(every.multipliedBy(passed / every.toMillis() + 1));
        }
    }

    /**
     * By the clock of a time zone.
     *
     * <p>A cron that fires in every hour of the day fires whenever the clock shows such a time: not while an hour is
     * left out, and in both hours when one comes twice. Any other cron means times of the day, each of which comes once
     * a day: one that the clock leaves out is caught up with at the moment at which the clock is put forward (with
     * others of that gap, once), and one that the clock shows twice is its first. So does Vixie's cron, and those after
     * it.
     */
    record Calendar(Cron cron, ZoneId zone) implements Plan {

        @Override
        public Instant next(Instant after) {
            return cron.isEveryHour() ? asTheClockShows(after) : onceADay(after);
        }

        /** Between two changes of the offset, the clock is an ordinary one. */
        private Instant asTheClockShows(Instant after) {
            var rules = zone.getRules();
            var offset = rules.getOffset(after);
            var shown = LocalDateTime.ofInstant(after, offset);
            var change = rules.nextTransition(after);
            while (true) {
                var tick = cron.next(shown).toInstant(offset);
                if (change == null || tick.isBefore(change.getInstant())) return tick;
                offset = change.getOffsetAfter();
                shown = change.getDateTimeAfter().minusSeconds(1);
                change = rules.nextTransition(change.getInstant());
            }
        }

        private Instant onceADay(Instant after) {
            var shown = LocalDateTime.ofInstant(after, zone);
            var change = zone.getRules().getTransition(shown);
            var again = change != null && change.isOverlap() && !after.isBefore(change.getInstant());
            return first(cron.next(again ? change.getDateTimeBefore().minusSeconds(1) : shown));
        }

        private Instant first(LocalDateTime time) {
            var change = zone.getRules().getTransition(time);
            if (change != null && change.isGap()) return change.getInstant();
            return time.atZone(zone).toInstant(); // the earlier one where there are two
        }
    }
}
