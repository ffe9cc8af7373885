package dev.holdfast.notify.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Json;
import dev.holdfast.run.WebhookCall;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The end of a job as an endpoint hears of it: CloudEvents 1.0 in the binary mode of HTTP. */
record JobCloudEvent(WebhookCall call, Job job, URI source) {

    private static final String TYPE = "dev.holdfast.job.";

    /** Names the event, for all endpoints and however often it is told. Has no dot, as Standard Webhooks wants it. */
    String id() {
        return "%s-%s-%d".formatted(call.job(), end(), call.fence());
    }

    private String end() {
        return call.state().name().toLowerCase(Locale.ROOT);
    }

    /** When the job ended. */
    Instant time() {
        return job.finishedAt().orElse(job.updatedAt());
    }

    /** The headers that are the same however often it is told. */
    Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        headers.put("ce-specversion", "1.0");
        headers.put("ce-id", id());
        headers.put("ce-type", TYPE + end());
        headers.put("ce-source", source + "/v1/jobs");
        headers.put("ce-subject", job.id().toString());
        headers.put("ce-time", time().toString());
        return headers;
    }

    /**
     * The job as the API shows it, without its history and its further links; and without what opens a restored
     * download: whoever may have that, asks the API for it.
     */
    byte[] body() {
        var body = Json.mapper().createObjectNode();
        body.put("id", job.id().toString());
        body.put("tenant", job.tenant());
        body.put("type", job.spec().type().wireName());
        body.put("version", job.spec().type().version());
        body.put("state", job.state().name());
        body.put("attempt", job.attempt());
        body.put("maxAttempts", job.spec().maxAttempts());
        body.put("createdAt", job.createdAt().toString());
        put(body, "startedAt", job.startedAt());
        put(body, "finishedAt", job.finishedAt());
        job.result().ifPresent(result -> body.set("result", Json.mapper().valueToTree(withoutSecrets(result))));
        job.error().ifPresent(error -> body.set("error", Json.mapper().valueToTree(error)));
        body.set("labels", Json.mapper().valueToTree(job.spec().labels()));
        body.putObject("links").put("self", "/v1/jobs/" + job.id());
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode body, String name, Optional<Instant> time) {
        time.ifPresent(instant -> body.put(name, instant.toString()));
    }

    private static JobResult withoutSecrets(JobResult result) {
        return switch (result) {
            case JobResult.Restored(var files, var bytes, var url) ->
                new JobResult.Restored(files, bytes, Optional.empty());
            case JobResult.Registered _,
                    JobResult.BackedUp _,
                    JobResult.ShardStored _,
                    JobResult.ShardRestored _,
                    JobResult.Checked _,
                    JobResult.Forgotten _,
                    JobResult.Pruned _,
                    JobResult.Mirrored _,
                    JobResult.Drilled _ -> result;
        };
    }
}
