package dev.holdfast.ingest.schedules;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron expression, on a clock that is never put forward or back; {@link Plan.Calendar} brings it to a time zone. Each
 * field holds one bit for each of its values.
 *
 * @param anyDay whether the day of the month begins with {@code *}, so that the day of the week decides; if neither
 *     does, one of both is enough (crontab(5))
 * @param anyWeekday the same the other way round
 */
record Cron(
        long seconds,
        long minutes,
        long hours,
        long days,
        long months,
        long weekdays,
        boolean anyDay,
        boolean anyWeekday) {

    private static final long ALL_HOURS = (1L << 24) - 1;

    /** The 29th of February can be eight years away, a Monday among them up to forty. */
    private static final int HORIZON_YEARS = 50;

    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    /**
     * Reads five fields (minute, hour, day of the month, month, day of the week), six (the second before them), or a
     * nickname such as {@code @daily}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Cron parse(String text) {
        var plain = text.strip();
        var fields = NICKNAMES
                .getOrDefault(plain.toLowerCase(Locale.ROOT), plain)
                .toUpperCase(Locale.ROOT)
                .split("\\s+", -1);
        if (fields.length == 5) return parse(("0 " + String.join(" ", fields)).split(" ", -1));
        if (fields.length == 6) return parse(fields);
        throw new IllegalArgumentException(
                plain.startsWith("@")
                        ? "there is no '" + plain
                                + "'; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly"
                        : "five fields are needed (minute, hour, day of the month, month, day of the week), or six with the"
                                + " second before them");
    }

    private static Cron parse(String[] fields) {
        var cron = new Cron(
                CronField.SECOND.parse(fields[0]),
                CronField.MINUTE.parse(fields[1]),
                CronField.HOUR.parse(fields[2]),
                CronField.DAY.parse(fields[3]),
                CronField.MONTH.parse(fields[4]),
                CronField.WEEKDAY.parse(fields[5]),
                isAny(fields[3]),
                isAny(fields[5]));
        if (cron.find(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException("no year has such a day");
        }
        return cron;
    }

    private static boolean isAny(String field) {
        return field.startsWith("*") || field.startsWith("?");
    }

    /** Whether no hour of the day is left out. */
    boolean isEveryHour() {
        return hours == ALL_HOURS;
    }

    /** The first time after that one. */
    LocalDateTime next(LocalDateTime after) {
        return find(after).orElseThrow(() -> new IllegalStateException("nothing after " + after + " in " + this));
    }

    private Optional<LocalDateTime> find(LocalDateTime after) {
        var time = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        var end = time.plusYears(HORIZON_YEARS);
        while (time.isBefore(end)) {
            var date = time.toLocalDate();
            if (!has(months, date.getMonthValue()))
                time = date.withDayOfMonth(1).plusMonths(1).atStartOfDay();
            else if (!isOn(date)) time = date.plusDays(1).atStartOfDay();
            else if (!has(hours, time.getHour()))
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            else if (!has(minutes, time.getMinute()))
                time = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
            else if (!has(seconds, time.getSecond())) time = time.plusSeconds(1);
            else return Optional.of(time);
        }
        return Optional.empty();
    }

    private boolean isOn(LocalDate date) {
        var day = has(days, date.getDayOfMonth());
        var weekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
        return (anyDay || anyWeekday) ? (day && weekday) : (day || weekday);
    }

    private static boolean has(long values, int value) {
        return (values & (1L << value)) != 0;
    }
}
