package dev.holdfast.ingest.notifications;

import dev.holdfast.ingest.http.QueryParameter;
import dev.holdfast.job.JobId;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.mail.NotificationIndex.Position;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which notifications a list shows.
 *
 * @param limit how many, 1 to 100
 * @param below where the page before ended
 */
record NotificationQuery(Optional<JobId> job, Optional<State> state, int limit, Optional<Position> below) {

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}#[0-9a-f]{40}");

    /** A problem 422 that names the first parameter that is out of form. */
    static NotificationQuery parse(
            @Nullable String job, @Nullable String state, @Nullable String limit, @Nullable String cursor) {
        return new NotificationQuery(
                Optional.ofNullable(job).map(NotificationQuery::job),
                Optional.ofNullable(state).map(NotificationQuery::state),
                QueryParameter.limit(limit),
                QueryParameter.place(cursor, POSITION).map(NotificationQuery::position));
    }

    private static JobId job(String text) {
        return JobId.parse(text).orElseThrow(() -> QueryParameter.invalid("job must be the id of a job."));
    }

    private static State state(String text) {
        return State.named(text)
                .orElseThrow(() -> QueryParameter.invalid("state must be one of "
                        + Arrays.stream(State.values()).map(State::wireName).collect(Collectors.joining(", "))
                        + "."));
    }

    private static Position position(String place) {
        var end = place.indexOf('#');
        return new Position(Long.parseLong(place.substring(0, end)), place.substring(end + 1));
    }

    static String cursor(Position position) {
        return QueryParameter.cursor(position.createdAtMillis() + "#" + position.id());
    }
}
