package dev.holdfast.ingest.schedules;

import dev.holdfast.ingest.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a list of schedules.
 *
 * @param limit 1 to 100; default 50
 * @param below the schedule that the page before ended with
 */
record ListRequest(int limit, Optional<Position> below) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}#[0-9a-f-]{36}");

    /** A place in the list; it holds nothing that names its tenant. */
    record Position(long createdAtMillis, String id) {

        /** What stands for it in the API; it means nothing to clients. */
        String cursor() {
            var text = createdAtMillis + "#" + id;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A problem 422 when one of them is out of form. */
    static ListRequest parse(@Nullable String limit, @Nullable String cursor) {
        return new ListRequest(
                limit == null ? DEFAULT_LIMIT : limit(limit),
                Optional.ofNullable(cursor).map(ListRequest::position));
    }

    private static int limit(String text) {
        if (text.matches("[0-9]{1,3}")) {
            var limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) return limit;
        }
        throw invalid("limit must be 1 to 100.");
    }

    private static Position position(String cursor) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (POSITION.matcher(text).matches()) {
                var at = text.indexOf('#');
                return new Position(Long.parseLong(text.substring(0, at)), text.substring(at + 1));
            }
        } catch (IllegalArgumentException notBase64) {
            // answered like one that is no position
        }
        throw invalid("cursor must be the nextCursor of an answer.");
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.unprocessable("invalid-parameter", "A query parameter is not valid", detail);
    }
}
