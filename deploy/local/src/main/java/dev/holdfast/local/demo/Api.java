package dev.holdfast.local.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holdfast's HTTP API, as much as the demo calls. Every surprise is a {@link StepFailed} that shows the answer. */
final class Api {
    private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();
    private final URI base;
    private final String key;

    Api(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** POSTs a job with an idempotency key and returns its resource. */
    JsonNode submit(String idempotencyKey, Map<String, Object> job) {
        return send(
                request("/v1/jobs")
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(job))),
                202);
    }

    JsonNode post(String path, Map<String, Object> body, int expected) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body))), expected);
    }

    JsonNode get(String path) {
        return send(request(path).GET(), 200);
    }

    /** Waits by long polling until the job has ended well. */
    JsonNode awaitSuccess(String id) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode job = get("/v1/jobs/" + id + "?wait=20s");
        while (!FINAL.contains(job.path("state").asString(""))) {
            if (System.nanoTime() > deadline) {
                throw new StepFailed("job " + id + " has not ended after " + PATIENCE.toSeconds() + " s: " + job);
            }
            job = get("/v1/jobs/" + id + "?wait=20s");
        }
        if (!job.path("state").asString("").equals("SUCCEEDED")) {
            throw new StepFailed("job " + id + " should have succeeded: " + job.toPrettyString());
        }
        return job;
    }

    /** JSON from outside the API, without the key. */
    JsonNode read(URI address) {
        return parse(sendRaw(HttpRequest.newBuilder(address).GET(), 200));
    }

    /** Sends bytes to a presigned address. */
    void upload(String method, String url, Map<String, String> headers, byte[] content) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.ofByteArray(content));
        headers.forEach((name, value) -> {
            if (!Set.of("host", "content-length").contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        });
        sendRaw(request, 200);
    }

    /** Fetches bytes from a presigned address. */
    byte[] download(String url) {
        return sendRaw(HttpRequest.newBuilder(URI.create(url)).GET(), 200).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    private JsonNode send(HttpRequest.Builder builder, int expected) {
        return parse(sendRaw(builder, expected));
    }

    private HttpResponse<byte[]> sendRaw(HttpRequest.Builder builder, int expected) {
        HttpRequest request = builder.timeout(Duration.ofSeconds(40)).build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != expected) {
                throw new StepFailed("%s %s should answer %d, was %d: %s"
                        .formatted(
                                request.method(),
                                request.uri(),
                                expected,
                                response.statusCode(),
                                new String(response.body(), StandardCharsets.UTF_8)));
            }
            return response;
        } catch (IOException e) {
            throw new StepFailed(request.method() + " " + request.uri() + " had no answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("interrupted");
        }
    }

    private JsonNode parse(HttpResponse<byte[]> response) {
        try {
            return json.readValue(response.body(), JsonNode.class);
        } catch (JacksonException e) {
            throw new StepFailed(response.uri() + " did not answer JSON: " + e.getOriginalMessage());
        }
    }
}
