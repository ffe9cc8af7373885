package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Notify;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The body of {@code POST /v1/jobs}.
 *
 * @param type one of {@code GET /v1/job-types}
 * @param payload what to do, by the schema of that type
 * @param notification whom to tell how it ended
 * @param notBefore the earliest start
 * @param deadline when it must have ended
 * @param maxAttempts 1 to 100; default 5
 * @param labels marks for finding the job again, at most 20
 */
record SubmitRequest(
        @NotNull String type,
        @NotNull JsonNode payload,
        @Valid @JsonProperty("notify") Optional<Recipients> notification,
        Optional<Instant> notBefore,
        Optional<Instant> deadline,
        Optional<@Min(1) @Max(100) Integer> maxAttempts,
        @Size(max = 20) Map<String, @NotNull @Size(max = 256) String> labels) {

    SubmitRequest {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /**
     * Whom to tell, and when. Where both lists are absent, those of the tenant's notification settings are told; where
     * the one is empty and the other names nobody, nobody is.
     *
     * @param email at most 10 addresses
     * @param sms at most 10 phone numbers in the form of E.164, such as {@code +4930123456}, that get a text message
     * @param on the ends to tell; default both
     */
    record Recipients(
            @Size(max = 10)
            List<@NotNull @Size(max = 254) @Pattern(regexp = JobPayload.Registration.EMAIL) String> email,

            @Size(max = 10) List<@NotNull @Pattern(regexp = Notify.PHONE) String> sms,

            Set<End> on) {

        Recipients {
            var byDefault = email == null && sms == null;
            email = email == null ? List.of() : List.copyOf(email);
            sms = sms == null ? List.of() : List.copyOf(sms);
            var nobody = !byDefault && email.isEmpty() && sms.isEmpty();
            var ends = on == null || on.isEmpty() ? EnumSet.allOf(End.class) : on;
            on = nobody ? Set.of() : ends;
        }

        Notify toNotify() {
            return new Notify(email, sms, on.stream().map(End::state).collect(Collectors.toSet()), Set.of());
        }
    }

    /** How a job can end. */
    enum End {
        @JsonProperty("succeeded")
        SUCCEEDED,
        @JsonProperty("failed")
        FAILED;

        JobState state() {
            return switch (this) {
                case SUCCEEDED -> JobState.SUCCEEDED;
                case FAILED -> JobState.FAILED;
            };
        }
    }
}
