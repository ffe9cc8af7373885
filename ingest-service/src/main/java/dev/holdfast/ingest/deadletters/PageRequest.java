package dev.holdfast.ingest.deadletters;

import dev.holdfast.ingest.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a list of dead letters.
 *
 * @param below the position in the table that the page before ended at
 */
record PageRequest(Origin lane, int limit, Optional<String> below) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final Pattern POSITION = Pattern.compile("\\d{13}#[\\x21-\\x7e]{1,200}");

    /** A problem 422 when one of them is missing or out of form. */
    static PageRequest parse(@Nullable String lane, @Nullable String limit, @Nullable String cursor) {
        return new PageRequest(
                Optional.ofNullable(lane)
                        .flatMap(Origin::named)
                        .orElseThrow(() -> invalid("lane must be quick, bulk or events.")),
                limit == null ? DEFAULT_LIMIT : limit(limit),
                Optional.ofNullable(cursor).map(PageRequest::position));
    }

    private static int limit(String text) {
        if (text.matches("[0-9]{1,3}")) {
            var limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) return limit;
        }
        throw invalid("limit must be 1 to 100.");
    }

    /** What a cursor stands for; it means nothing to clients. */
    static String cursor(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.US_ASCII));
    }

    private static String position(String cursor) {
        try {
            var position = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (POSITION.matcher(position).matches()) return position;
        } catch (IllegalArgumentException notBase64) {
            // answered like one that is no position
        }
        throw invalid("cursor must be the nextCursor of an answer.");
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.unprocessable("invalid-parameter", "A query parameter is not valid", detail);
    }
}
