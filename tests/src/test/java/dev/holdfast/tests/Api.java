package dev.holdfast.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;

/** The HTTP API as a client knows it. */
public final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI base;
    private final String key;

    public Api(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** The same API with another key. */
    public Api as(String otherKey) {
        return new Api(base, otherKey);
    }

    /** An answer; {@code body} is a missing node when it is no JSON. */
    public record Answer(int status, HttpResponse<String> response, JsonNode body) {

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The pointers of a problem's errors. */
        java.util.List<String> pointers() {
            return body.path("errors").findValuesAsText("pointer");
        }
    }

    /** Posts a JSON text; {@code headers} are names and values in turn. */
    public Answer post(String path, String json, String... headers) {
        return send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)), headers);
    }

    /** Puts a JSON text. */
    public Answer put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    public Answer get(String path, String... headers) {
        return send(request(path).GET(), headers);
    }

    /** Any request; {@code headers} replace those that it has. */
    public Answer send(HttpRequest.Builder request, String... headers) {
        for (var i = 0; i < headers.length; i += 2) request.setHeader(headers[i], headers[i + 1]);
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response, json(response));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The lines of an answer as they come. To be closed. */
    public Stream<String> lines(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).GET().build(), BodyHandlers.ofLines()).body();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key);
    }

    /** Submits a job and returns its id. */
    public String submit(String json, String... headers) {
        var answer = post("/v1/jobs", json, headers);
        if (answer.status() != 202) throw new AssertionError(answer.status() + ": " + answer.body());
        return answer.body().path("id").asText();
    }

    /** Waits up to a minute for a job to end, and shows it. */
    public JsonNode await(String id) {
        return get("/v1/jobs/" + id + "?wait=60s").body();
    }

    /** Submits a job and waits for its end. */
    public JsonNode run(String json) {
        return await(submit(json));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        var json = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.contains("json") && !type.contains("ndjson"))
                .isPresent();
        return json ? JSON.readTree(response.body()) : MissingNode.getInstance();
    }
}
