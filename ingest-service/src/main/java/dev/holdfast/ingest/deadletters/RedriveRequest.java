package dev.holdfast.ingest.deadletters;

import dev.holdfast.job.JobId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of {@code POST /v1/dead-letters/redrive}.
 *
 * @param filter which letters; default all that the caller sees
 * @param ratePerSecond messages per second, 1 to 500; default 10
 * @param dryRun only count; default false
 */
record RedriveRequest(
        @NotNull Origin lane,
        @Valid Optional<Filter> filter,
        Optional<@Min(1) @Max(500) Integer> ratePerSecond,
        Optional<Boolean> dryRun) {

    private static final int DEFAULT_RATE = 10;
    private static final Filter ALL =
            new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Picks letters; what is left out picks all.
     *
     * @param reason the beginning of the reason, in its own case
     * @param type the job's type
     * @param job the job's id
     * @param before set aside earlier than that
     * @param after set aside then or later
     */
    @Schema(name = "DeadLetterFilter")
    record Filter(
            Optional<String> reason,
            Optional<String> type,

            Optional<
                            @Pattern(
                                    regexp =
                                            "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$")
                            String>
                    job,

            Optional<Instant> before,
            Optional<Instant> after) {

        /** Whether the letter is meant. One whose body was cut never is: it is no longer what was sent. */
        boolean picks(DeadLetter letter) {
            return !letter.truncated()
                    && reason.map(letter.reason()::startsWith).orElse(true)
                    && type.map(wanted -> letter.subject().type().equals(Optional.of(wanted)))
                            .orElse(true)
                    && job.map(wanted -> letter.subject().job().equals(JobId.parse(wanted)))
                            .orElse(true)
                    && before.map(letter.setAsideAt()::isBefore).orElse(true)
                    && after.map(from -> !letter.setAsideAt().isBefore(from)).orElse(true);
        }
    }

    Filter picked() {
        return filter.orElse(ALL);
    }

    int rate() {
        return ratePerSecond.orElse(DEFAULT_RATE);
    }

    boolean isDryRun() {
        return dryRun.orElse(false);
    }

    /** What the audit log keeps of it. */
    Map<String, String> arguments() {
        var arguments = new TreeMap<String, String>();
        arguments.put("lane", lane.wireName());
        arguments.put("ratePerSecond", Integer.toString(rate()));
        arguments.put("dryRun", Boolean.toString(isDryRun()));
        picked().reason().ifPresent(value -> arguments.put("reason", value));
        picked().type().ifPresent(value -> arguments.put("type", value));
        picked().job().ifPresent(value -> arguments.put("job", value));
        picked().before().ifPresent(value -> arguments.put("before", value.toString()));
        picked().after().ifPresent(value -> arguments.put("after", value.toString()));
        return arguments;
    }
}
