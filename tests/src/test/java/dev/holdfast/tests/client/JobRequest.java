package dev.holdfast.tests.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked for. Only type and payload are required. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobRequest(
        String type,
        Object payload,
        @JsonProperty("notify") @Nullable Recipients recipients,
        @Nullable Instant notBefore,
        @Nullable Instant deadline,
        @Nullable Integer maxAttempts,
        Map<String, String> labels) {

    /** Whom to mail, and when. */
    public record Recipients(List<String> email, List<String> on) {}

    /** A job without anything that is optional. */
    public static JobRequest of(String type, Object payload) {
        return new JobRequest(type, payload, null, null, null, null, Map.of());
    }

    /** A new user {@code name@example.org}. */
    public static JobRequest registration(String name) {
        return of("registration", Map.of("username", name, "email", name + "@example.org"));
    }

    public JobRequest labelled(String name, String value) {
        return new JobRequest(type, payload, recipients, notBefore, deadline, maxAttempts, Map.of(name, value));
    }

    public JobRequest startingAt(Instant time) {
        return new JobRequest(type, payload, recipients, time, deadline, maxAttempts, labels);
    }
}
