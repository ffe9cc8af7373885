package dev.holdfast.restic;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * Which snapshots to keep, with restic's meaning: a snapshot stays if any rule wants it. Of the counted rules, each
 * keeps the newest snapshot of so many hours (days, ISO weeks, months, years) that have one; -1 means of all; 0 means
 * no such rule. Hours and days are those of the place where the snapshot was made.
 *
 * @param within keeps everything that is not older than that, counted from the newest snapshot
 * @param tags keeps snapshots that have all tags of one of these lists
 */
public record KeepPolicy(
        int last,
        int hourly,
        int daily,
        int weekly,
        int monthly,
        int yearly,
        Age within,
        Age withinHourly,
        Age withinDaily,
        Age withinWeekly,
        Age withinMonthly,
        Age withinYearly,
        List<List<String>> tags) {

    /** A span by the calendar. */
    public record Age(int years, int months, int days, int hours) {
        public static final Age ZERO = new Age(0, 0, 0, 0);

        public Age {
            if (years < 0 || months < 0 || days < 0 || hours < 0) throw new IllegalArgumentException("negative age");
        }

        /** As Go counts: February 31st is March 2nd or 3rd, not the end of February. */
        OffsetDateTime before(OffsetDateTime time) {
            var firstOfMonth =
                    time.toLocalDate().withDayOfMonth(1).minusYears(years).minusMonths(months);
            var date = firstOfMonth.plusDays(time.getDayOfMonth() - 1L - days);
            return LocalDateTime.of(date, time.toLocalTime())
                    .atOffset(time.getOffset())
                    .minusHours(hours);
        }
    }

    public KeepPolicy {
        for (int count : new int[] {last, hourly, daily, weekly, monthly, yearly}) {
            if (count < -1) throw new IllegalArgumentException("count " + count);
        }
        tags = tags.stream().map(List::copyOf).toList();
    }

    /** No rule at all; add some with the methods below. */
    public static KeepPolicy none() {
        var zero = Age.ZERO;
        return new KeepPolicy(0, 0, 0, 0, 0, 0, zero, zero, zero, zero, zero, zero, List.of());
    }

    public static KeepPolicy last(int count) {
        return none().withCounts(count, 0, 0, 0, 0, 0);
    }

    public KeepPolicy withCounts(int newest, int hours, int days, int weeks, int months, int years) {
        return new KeepPolicy(
                newest,
                hours,
                days,
                weeks,
                months,
                years,
                within,
                withinHourly,
                withinDaily,
                withinWeekly,
                withinMonthly,
                withinYearly,
                tags);
    }

    public KeepPolicy withWithin(Age age) {
        return new KeepPolicy(
                last,
                hourly,
                daily,
                weekly,
                monthly,
                yearly,
                age,
                withinHourly,
                withinDaily,
                withinWeekly,
                withinMonthly,
                withinYearly,
                tags);
    }

    public KeepPolicy withTags(List<List<String>> lists) {
        return new KeepPolicy(
                last,
                hourly,
                daily,
                weekly,
                monthly,
                yearly,
                within,
                withinHourly,
                withinDaily,
                withinWeekly,
                withinMonthly,
                withinYearly,
                lists);
    }

    boolean isEmpty() {
        return equals(none());
    }
}
