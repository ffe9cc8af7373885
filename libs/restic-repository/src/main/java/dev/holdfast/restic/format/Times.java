package dev.holdfast.restic.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as Go writes them: RFC 3339 with up to nine digits of fraction, none of them a trailing zero (section 9). */
final class Times {
    static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Times() {}

    /** In UTC. A time outside the years 0 to 9999 becomes the nearest one inside, for the format has no other. */
    static String format(Instant time) {
        var inside = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
        return format(inside.atOffset(ZoneOffset.UTC));
    }

    static String format(OffsetDateTime time) {
        var text = new StringBuilder(35);
        digits(text, time.getYear(), 4).append('-');
        digits(text, time.getMonthValue(), 2).append('-');
        digits(text, time.getDayOfMonth(), 2).append('T');
        digits(text, time.getHour(), 2).append(':');
        digits(text, time.getMinute(), 2).append(':');
        digits(text, time.getSecond(), 2);
        if (time.getNano() != 0) {
            digits(text.append('.'), time.getNano(), 9);
            while (text.charAt(text.length() - 1) == '0') text.setLength(text.length() - 1);
        }
        return text.append(time.getOffset().getId()).toString();
    }

    private static StringBuilder digits(StringBuilder text, int value, int width) {
        int end = text.length() + width;
        text.setLength(end);
        for (int at = end - 1; at >= end - width; at--) {
            text.setCharAt(at, (char) ('0' + value % 10));
            value /= 10;
        }
        return text;
    }

    /** Throws {@link ResticException.Damaged} if that is not an RFC 3339 time. */
    static OffsetDateTime parse(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new ResticException.Damaged("not a time: " + Text.excerpt(text), e);
        }
    }

    /** As {@link #parse}, but much faster for times in UTC: a directory is thousands of them. */
    static Instant parseInstant(String text) {
        int length = text.length();
        boolean plain = length >= 20 && length <= 30 && text.charAt(length - 1) == 'Z' && digitsStandAsTheyShould(text);
        if (!plain) return parse(text).toInstant();
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) return parse(text).toInstant();
        int nanos = length == 20 ? 0 : number(text, 20, length - 1);
        for (int digits = length - 21; digits < 9; digits++) nanos *= 10;
        try {
            long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                    .toEpochDay();
            return Instant.ofEpochSecond(day * 86_400 + hour * 3_600L + minute * 60L + second, nanos);
        } catch (DateTimeException e) {
            throw new ResticException.Damaged("not a time: " + Text.excerpt(text), e);
        }
    }

    private static boolean digitsStandAsTheyShould(String text) {
        var pattern = "0000-00-00T00:00:00.000000000";
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (pattern.charAt(i) == '0' ? c < '0' || c > '9' : c != pattern.charAt(i)) return false;
        }
        return text.length() != 21;
    }

    private static int number(String digits, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) number = 10 * number + digits.charAt(i) - '0';
        return number;
    }
}
