package dev.holdfast.ingest.schedules;

import dev.holdfast.ingest.http.QueryParameter;
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

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}#[0-9a-f-]{36}");

    /** A place in the list; it holds nothing that names its tenant. */
    record Position(long createdAtMillis, String id) {

        String cursor() {
            return QueryParameter.cursor(createdAtMillis + "#" + id);
        }
    }

    /** A problem 422 when one of them is out of form. */
    static ListRequest parse(@Nullable String limit, @Nullable String cursor) {
        return new ListRequest(
                QueryParameter.limit(limit),
                QueryParameter.place(cursor, POSITION).map(ListRequest::position));
    }

    private static Position position(String place) {
        var at = place.indexOf('#');
        return new Position(Long.parseLong(place.substring(0, at)), place.substring(at + 1));
    }
}
