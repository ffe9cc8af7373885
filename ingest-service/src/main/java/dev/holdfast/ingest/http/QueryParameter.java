package dev.holdfast.ingest.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters. What is out of form is a problem 422 that names the parameter. */
public final class QueryParameter {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private QueryParameter() {}

    /** {@code limit}: how many things a list shows, 1 to 100; 50 when it is absent. */
    public static int limit(@Nullable String text) {
        if (text == null) return DEFAULT_LIMIT;
        if (text.matches("[0-9]{1,3}")) {
            var limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) return limit;
        }
        throw invalid("limit must be 1 to 100.");
    }

    /** A time of RFC 3339. Empty when it is absent. */
    public static Optional<Instant> time(String name, @Nullable String text) {
        if (text == null) return Optional.empty();
        try {
            var time = Instant.parse(text);
            if (!time.isBefore(Instant.EPOCH) && time.isBefore(END_OF_TIME)) return Optional.of(time);
        } catch (DateTimeParseException malformed) {
            // answered like one that is out of range
        }
        throw invalid(name + " must be a time such as 2026-12-01T02:00:00Z, from the year 1970 on.");
    }

    /** The cursor that stands for a place in a list. It means nothing to clients. */
    public static String cursor(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The place that {@code cursor} stands for. Empty when it is absent. Anybody can make one up: what it says is still
     * to be checked.
     *
     * @param form of a place in this list
     */
    public static Optional<String> place(@Nullable String cursor, Pattern form) {
        if (cursor == null) return Optional.empty();
        try {
            var place = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (form.matcher(place).matches()) return Optional.of(place);
        } catch (IllegalArgumentException notBase64) {
            // answered like one that is no place
        }
        throw foreignCursor();
    }

    /** A cursor that no answer has given. */
    public static ProblemException foreignCursor() {
        return invalid("cursor must be the nextCursor of an answer to the same question.");
    }

    /**
     * A parameter that is out of form.
     *
     * @param detail names the parameter, and says what it must be
     */
    public static ProblemException invalid(String detail) {
        return ProblemException.unprocessable("invalid-parameter", "A query parameter is not valid", detail);
    }
}
