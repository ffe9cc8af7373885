package dev.holdfast.ingest.jobs;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.holdfast.ingest.http.QueryParameter;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.table.JobIndex.Position;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a list shows.
 *
 * @param states any of these; empty = any
 * @param types any of these; empty = any but the parts that jobs fan out to by themselves
 * @param labels all of these
 * @param from the earliest acceptance
 * @param until the latest acceptance
 * @param limit how many, 1 to 100
 * @param below where the page before ended
 */
record JobQuery(
        Set<JobState> states,
        Set<JobType> types,
        Map<String, String> labels,
        Instant from,
        Instant until,
        int limit,
        Optional<Position> below) {

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}#.+");
    private static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

    /** Reads the parameters of a request; a problem 422 that names the first that is out of form. */
    static JobQuery parse(MultivaluedMap<String, String> parameters) {
        var from = QueryParameter.time("since", parameters.getFirst("since")).orElse(Instant.EPOCH);
        var until = QueryParameter.time("until", parameters.getFirst("until")).orElse(FOREVER);
        if (!from.isBefore(until)) throw QueryParameter.invalid("until must be later than since.");
        var query = new JobQuery(
                all(parameters, "state").map(JobQuery::state).collect(toSet()),
                all(parameters, "type").map(JobQuery::type).collect(toSet()),
                all(parameters, "label")
                        .map(JobQuery::label)
                        .collect(toMap(label -> label[0], label -> label[1], (first, last) -> last)),
                from,
                until.minusMillis(1),
                QueryParameter.limit(parameters.getFirst("limit")),
                QueryParameter.place(parameters.getFirst("cursor"), POSITION).map(JobQuery::position));
        if (query.below().filter(query::isOutside).isPresent()) throw QueryParameter.foreignCursor();
        return query;
    }

    private static Stream<String> all(MultivaluedMap<String, String> parameters, String name) {
        @Nullable List<String> values = parameters.get(name);
        return values == null ? Stream.empty() : values.stream();
    }

    private static JobState state(String text) {
        return Arrays.stream(JobState.values())
                .filter(state -> state.name().equals(text))
                .findFirst()
                .orElseThrow(() -> QueryParameter.invalid("state must be one of "
                        + Arrays.stream(JobState.values()).map(JobState::name).collect(Collectors.joining(", "))
                        + "."));
    }

    private static JobType type(String text) {
        return JobType.named(text).orElseThrow(() -> QueryParameter.invalid("type must be one of GET /v1/job-types."));
    }

    private static String[] label(String text) {
        var parts = text.split(":", 2);
        if (parts.length < 2 || parts[0].isEmpty()) throw QueryParameter.invalid("label must be name:value.");
        return parts;
    }

    private static Position position(String place) {
        var parts = place.split("#", 2);
        var id = JobId.parse(parts[1]).orElseThrow(QueryParameter::foreignCursor);
        return new Position(Instant.ofEpochMilli(Long.parseLong(parts[0])), id);
    }

    static String cursor(Position position) {
        return QueryParameter.cursor(position.at().toEpochMilli() + "#" + position.id());
    }

    private boolean isOutside(Position position) {
        return position.at().isBefore(from) || position.at().isAfter(until);
    }

    /** Whether jobs must be looked at that are not shown. */
    boolean isSelective() {
        return !states.isEmpty() || !types.isEmpty() || !labels.isEmpty();
    }

    boolean matches(Job job) {
        return (states.isEmpty() || states.contains(job.state()))
                && (types.isEmpty()
                        ? job.spec().type().isPublic()
                        : types.contains(job.spec().type()))
                && job.spec().labels().entrySet().containsAll(labels.entrySet());
    }
}
