package dev.holdfast.ingest.schedules;

import java.util.List;

/** A field of a cron expression, in the order of the fields: what it may hold, and how that is written. */
enum CronField {
    SECOND("second", 0, 59, ""),
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of the month", 1, 31, ""),
    MONTH("month", 1, 12, "JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC"),
    WEEKDAY("day of the week", 0, 7, "SUN,MON,TUE,WED,THU,FRI,SAT");

    /** Sunday, as well as 0. */
    private static final long SEVEN = 1L << 7;

    private final String label;
    private final int least;
    private final int most;
    private final String names;

    CronField(String label, int least, int most, String names) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /**
     * The values that the text means, one bit each; Sunday is bit 0.
     *
     * @param text in upper case
     * @throws IllegalArgumentException saying what is wrong with it
     */
    long parse(String text) {
        var values = 0L;
        for (var part : text.split(",", -1)) values |= part(part);
        var sunday = this == WEEKDAY && (values & SEVEN) != 0;
        return sunday ? (values & ~SEVEN) | 1 : values;
    }

    /** {@code *}, {@code 5}, {@code 5-9}, each with {@code /2} behind it for every second value. */
    private long part(String part) {
        var slash = part.indexOf('/');
        var range = slash < 0 ? part : part.substring(0, slash);
        var step = slash < 0 ? 1 : step(part.substring(slash + 1));
        if (isAny(range)) return values(least, this == WEEKDAY ? 6 : most, step);
        var dash = range.indexOf('-');
        if (dash < 0) return values(value(range), slash < 0 ? value(range) : most, step);
        var first = value(range.substring(0, dash));
        var last = value(range.substring(dash + 1));
        if (this == WEEKDAY && last == 0 && first > 0) last = 7; // such as FRI-SUN
        if (last < first) throw fault("'" + range + "' ends before it begins");
        return values(first, last, step);
    }

    private boolean isAny(String range) {
        return range.equals("*") || (range.equals("?") && (this == DAY || this == WEEKDAY));
    }

    private static long values(int first, int last, int step) {
        var values = 0L;
        for (var value = first; value <= last; value += step) values |= 1L << value;
        return values;
    }

    private int value(String text) {
        var named = names.isEmpty() ? -1 : List.of(names.split(",", -1)).indexOf(text);
        if (named >= 0) return least + named;
        if (!text.matches("[0-9]{1,2}")) throw fault("'" + text + "' is no value of it");
        var value = Integer.parseInt(text);
        if (value < least || value > most) throw fault("'" + text + "' is out of range");
        return value;
    }

    private int step(String text) {
        var step = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : 0;
        if (step < 1 || step > most) throw fault("the step '" + text + "' must be 1 to " + most);
        return step;
    }

    private IllegalArgumentException fault(String what) {
        var named = names.isEmpty() ? "" : " or names such as " + names.substring(0, 3);
        return new IllegalArgumentException(
                "the %s (%d to %d%s, with * , - and /): %s".formatted(label, least, most, named, what));
    }
}
