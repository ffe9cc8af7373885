package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The schedules of one test, in the house that all tests share: under a name of its own, and deleted at its end. */
final class Schedules implements AutoCloseable {

    static final String PATH = "/v1/schedules";

    final Api api = House.shared().api;
    final String mark = UUID.randomUUID().toString().substring(0, 13);
    final String name = "name " + mark;
    private final List<String> made = new ArrayList<>();

    /** Makes one of a registration; {@code fields} are those beside its name and job. */
    JsonNode create(String fields) {
        return create(fields, job());
    }

    JsonNode create(String fields, String job) {
        var answer = api.post(PATH, body(fields, job));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        made.add(path(answer.body()));
        return answer.body();
    }

    String body(String fields) {
        return body(fields, job());
    }

    private String body(String fields, String job) {
        return "{\"name\": \"%s\", \"job\": %s%s}".formatted(name, job, fields.isEmpty() ? "" : ", " + fields);
    }

    String job() {
        return "{\"type\": \"registration\", \"labels\": {\"team\": \"core\"},"
                + " \"payload\": {\"username\": \"u%1$s\", \"email\": \"u%1$s@example.org\"}}".formatted(mark);
    }

    static String path(JsonNode schedule) {
        return PATH + "/" + schedule.path("id").asText();
    }

    /** The next times that it shows. */
    static List<Instant> times(JsonNode schedule) {
        var times = new ArrayList<Instant>();
        schedule.path("nextFireTimes").forEach(time -> times.add(Instant.parse(time.asText())));
        return times;
    }

    @Override
    public void close() {
        made.forEach(api::delete);
    }
}
