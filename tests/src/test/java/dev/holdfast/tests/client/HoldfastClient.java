package dev.holdfast.tests.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Jobs over HTTP. Every refusal is a {@link ProblemException}; an answer with a field that is not known fails. */
public final class HoldfastClient {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String key;

    public HoldfastClient(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** Some jobs; {@code nextCursor} is {@code null} on the last page. */
    public record JobPage(List<Job> items, @Nullable String nextCursor) {}

    /** A job of a batch. */
    public record BatchItem(@Nullable String idempotencyKey, JobRequest job) {}

    /** What came of it: an id or a problem. */
    public record BatchResult(
            int status, @Nullable String id, @Nullable Problem problem) {}

    private record BatchAnswer(List<BatchResult> items) {}

    /** Has a job done; with the same key never twice. */
    public Job submit(JobRequest job, String idempotencyKey) {
        return read(send(post("/v1/jobs", job).header("Idempotency-Key", idempotencyKey)), Job.class);
    }

    public Job submit(JobRequest job) {
        return read(send(post("/v1/jobs", job)), Job.class);
    }

    public List<BatchResult> submitAll(List<BatchItem> jobs) {
        return read(send(post("/v1/jobs/batch", Map.of("items", jobs))), BatchAnswer.class)
                .items();
    }

    public Job job(String id) {
        return read(send(request("/v1/jobs/" + id).GET()), Job.class);
    }

    /** The job when it has ended, or as it stands after that time, at most a minute. */
    public Job await(String id, Duration limit) {
        return read(
                send(request("/v1/jobs/" + id + "?wait=" + limit.toSeconds() + "s")
                        .GET()),
                Job.class);
    }

    /** Parameters as in {@code GET /v1/jobs}, each name with its values. */
    public JobPage list(Map<String, List<String>> parameters) {
        var query = parameters.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> entry.getKey() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
        return read(send(request("/v1/jobs?" + query).GET()), JobPage.class);
    }

    public Job cancel(String id) {
        return read(send(post("/v1/jobs/" + id + "/cancel", "")), Job.class);
    }

    public Job retry(String id) {
        return read(send(post("/v1/jobs/" + id + "/retry", "")), Job.class);
    }

    /** The job's events after the one with that id (empty: all), as they happen, until its end. To be closed. */
    public Stream<JobEvent> events(String id, String lastEventId) {
        try {
            var response = http.send(
                    request("/v1/jobs/" + id + "/events")
                            .header("Last-Event-ID", lastEventId)
                            .GET()
                            .build(),
                    BodyHandlers.ofLines());
            if (response.statusCode() >= 400) throw problem(response.body().collect(Collectors.joining("\n")));
            var parser = new EventParser(lastEventId);
            return response.body().flatMap(line -> parser.line(line).stream()).onClose(response.body()::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static JsonNode tree(String json) {
        return read(json, JsonNode.class);
    }

    private HttpRequest.Builder post(String path, Object body) {
        try {
            return request(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(90))
                .header("Authorization", "Bearer " + key);
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= 400) throw problem(response.body());
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ProblemException problem(String body) {
        return new ProblemException(read(body, Problem.class));
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
