package dev.holdfast.restic.format;

import java.time.DateTimeException;
import java.time.Instant;
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
        for (int scale = (int) Math.pow(10, width - 1); scale > 0; scale /= 10) {
            text.append((char) ('0' + value / scale % 10));
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
}
