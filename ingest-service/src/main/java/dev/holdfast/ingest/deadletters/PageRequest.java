package dev.holdfast.ingest.deadletters;

import dev.holdfast.ingest.http.QueryParameter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a list of dead letters.
 *
 * @param below the position in the table that the page before ended at
 */
record PageRequest(Origin lane, int limit, Optional<String> below) {

    private static final Pattern POSITION = Pattern.compile("\\d{13}#[\\x21-\\x7e]{1,200}");

    /** A problem 422 when one of them is missing or out of form. */
    static PageRequest parse(@Nullable String lane, @Nullable String limit, @Nullable String cursor) {
        return new PageRequest(
                Optional.ofNullable(lane)
                        .flatMap(Origin::named)
                        .orElseThrow(() -> QueryParameter.invalid("lane must be quick, bulk or events.")),
                QueryParameter.limit(limit),
                QueryParameter.place(cursor, POSITION));
    }
}
