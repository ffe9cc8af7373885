package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of {@code POST /v1/schedules}.
 *
 * @param name 1 to 100 characters, unique within the tenant
 * @param cron five fields, six with the second before them, or a nickname; this or {@code every}
 * @param every a duration of ISO 8601, 1 s to 366 days; this or {@code cron}
 * @param timezone of the cron, as IANA names it; default UTC
 * @param job the body of {@code POST /v1/jobs}
 * @param expectWithin a duration of ISO 8601, 1 s to 366 days: how long after a tick its job must have succeeded
 * @param catchUp default latest
 * @param overlap default allow
 */
record ScheduleRequest(
        @NotNull @Pattern(regexp = "^[^\\s\\x00-\\x1f\\x7f]([^\\x00-\\x1f\\x7f]{0,98}[^\\s\\x00-\\x1f\\x7f])?$")
        String name,

        Optional<@Size(max = 500) String> cron,
        Optional<@Size(max = 50) String> every,
        Optional<@Size(max = 100) String> timezone,

        @NotNull @Schema(ref = "SubmitRequest", required = true)
        JsonNode job,

        Optional<@Size(max = 50) String> expectWithin,
        CatchUp catchUp,
        Overlap overlap) {

    ScheduleRequest {
        catchUp = catchUp == null ? CatchUp.LATEST : catchUp;
        overlap = overlap == null ? Overlap.ALLOW : overlap;
    }
}
