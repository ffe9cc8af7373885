package dev.holdfast.ingest.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.ingest.webhooks.WebhookRequest.JobEnd;
import dev.holdfast.job.JobType;
import dev.holdfast.webhook.Webhook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A webhook as clients see it: without its secret.
 *
 * @param types the types of jobs that it hears of; none: all
 * @param state {@code active}, or {@code disabled}: it is called no more, as {@code reason} says
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record WebhookView(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String url,
        @JsonProperty(required = true) List<JobEnd> on,
        @JsonProperty(required = true) List<String> types,
        @JsonProperty(required = true) String state,
        Optional<String> reason,
        @JsonProperty(required = true) Instant createdAt) {

    static WebhookView of(Webhook webhook) {
        return new WebhookView(
                webhook.name(),
                webhook.url(),
                JobEnd.of(webhook.on()),
                webhook.types().stream().map(JobType::wireName).sorted().toList(),
                webhook.disabled().isPresent() ? "disabled" : "active",
                webhook.disabled(),
                webhook.createdAt());
    }
}
