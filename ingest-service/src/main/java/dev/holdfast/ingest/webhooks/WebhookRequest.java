package dev.holdfast.ingest.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.job.JobState;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The body of {@code POST /v1/webhooks}.
 *
 * @param name unique within the tenant
 * @param url of the endpoint, by https, at an address of the public internet unless the operator allows others
 * @param on the ends of jobs to tell; default all
 * @param types the types of jobs to tell of; default all
 */
record WebhookRequest(
        @NotNull @Pattern(regexp = "^[a-z0-9][a-z0-9-]{0,63}$")
        String name,

        @NotNull @Size(min = 1, max = 2000) String url,
        Set<JobEnd> on,
        @Size(max = 20) List<@NotNull @Size(max = 64) String> types) {

    WebhookRequest {
        on = on == null || on.isEmpty() ? EnumSet.allOf(JobEnd.class) : on;
        types = types == null ? List.of() : List.copyOf(types);
    }

    /** How a job can end. */
    enum JobEnd {
        @JsonProperty("succeeded")
        SUCCEEDED(JobState.SUCCEEDED),
        @JsonProperty("failed")
        FAILED(JobState.FAILED),
        @JsonProperty("cancelled")
        CANCELLED(JobState.CANCELLED);

        private final JobState state;

        JobEnd(JobState state) {
            this.state = state;
        }

        static List<JobEnd> of(Set<JobState> states) {
            return List.of(values()).stream()
                    .filter(end -> states.contains(end.state))
                    .toList();
        }
    }

    Set<JobState> ends() {
        return on.stream().map(end -> end.state).collect(Collectors.toSet());
    }
}
