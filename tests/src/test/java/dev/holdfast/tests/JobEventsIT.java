package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.client.HoldfastClient;
import dev.holdfast.tests.client.Job.State;
import dev.holdfast.tests.client.JobEvent;
import dev.holdfast.tests.client.JobRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobEventsIT {

    private static final Instant FAR = Instant.parse("2199-01-01T00:00:00Z");

    private final House house = House.shared();
    private final HoldfastClient client = house.client();

    @Test
    void streamTellsEveryStepAndEndsWithTheResult() {
        var job = client.submit(JobRequest.registration("events-all"));

        var events = events(job.id(), "");

        assertThat(states(events)).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        assertThat(events.getLast().data().path("result").path("userId").asText())
                .isNotEmpty();
        assertThat(events)
                .extracting(event -> Long.valueOf(event.id()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void clientGoesOnWhereItLeft() {
        var job = client.submit(JobRequest.registration("events-on"));
        client.await(job.id(), Duration.ofSeconds(30));
        var all = events(job.id(), "");

        for (var from = 0; from < all.size(); from++) {
            assertThat(events(job.id(), all.get(from).id())).isEqualTo(all.subList(from + 1, all.size()));
        }
        var nothing = house.api.get(
                "/v1/jobs/" + job.id() + "/events",
                "Last-Event-ID",
                all.getLast().id());
        assertThat(nothing.status())
                .as("which tells a browser not to come again")
                .isEqualTo(204);
    }

    @Test
    void stepIsToldWhenItHappens() throws Exception {
        var job = client.submit(JobRequest.registration("events-wait").startingAt(FAR));
        var events = CompletableFuture.supplyAsync(() -> events(job.id(), ""));

        client.cancel(job.id());
        var cancelled = Instant.now();

        assertThat(states(events.get(10, TimeUnit.SECONDS))).containsExactly("SCHEDULED", "CANCELLED");
        assertThat(Duration.between(cancelled, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void idleStreamIsKeptByComments() throws Exception {
        var job = client.submit(JobRequest.registration("events-idle").startingAt(FAR));
        try (var lines = house.api.lines("/v1/jobs/" + job.id() + "/events")) {
            var comment = CompletableFuture.supplyAsync(
                    () -> lines.filter(line -> line.startsWith(":")).findFirst());
            assertThat(comment.get(20, TimeUnit.SECONDS)).contains(": still SCHEDULED");
        }
        client.cancel(job.id());
    }

    @Test
    void whatCannotBeStreamedIsAProblem() {
        assertThat(house.api.get("/v1/jobs/nothing/events").status()).isEqualTo(404);
        var job = client.submit(JobRequest.registration("events-id").startingAt(FAR));
        var wrong = house.api.get("/v1/jobs/" + job.id() + "/events", "Last-Event-ID", "first");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(client.cancel(job.id()).state()).isEqualTo(State.CANCELLED);
    }

    private List<JobEvent> events(String id, String last) {
        try (var events = client.events(id, last)) {
            return events.toList();
        }
    }

    private static List<String> states(List<JobEvent> events) {
        return events.stream()
                .filter(event -> event.name().equals("state"))
                .map(event -> event.data().path("state").asText())
                .toList();
    }
}
