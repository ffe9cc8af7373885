package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.client.HoldfastClient;
import dev.holdfast.tests.client.Job;
import dev.holdfast.tests.client.JobRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class JobListIT {

    private static final Instant FAR = Instant.parse("2199-01-01T00:00:00Z");

    private final House house = House.shared();
    private final HoldfastClient client = house.client();

    @Test
    void pagesShowEveryJobOnceAndTheNewestFirst() {
        var ids = submit("pages", 25);

        var shown = all(Map.of("label", List.of("list:pages"), "limit", List.of("7")));

        assertThat(shown).extracting(Job::id).containsExactlyElementsOf(ids.reversed());
    }

    @Test
    void filtersTakeAnyStateAndTypeAndAllLabels() {
        var ids = submit("filters", 3);
        client.cancel(ids.get(1));
        var ended = client.submit(JobRequest.registration("lister").labelled("list", "filters"));
        client.await(ended.id(), Duration.ofSeconds(30));

        assertThat(found("state", "CANCELLED")).containsExactly(ids.get(1));
        assertThat(found("state", "CANCELLED", "state", "SUCCEEDED")).containsExactly(ended.id(), ids.get(1));
        assertThat(found("type", "registration")).hasSize(4);
        assertThat(found("type", "backup")).isEmpty();
        assertThat(found("label", "another:one")).isEmpty();
        assertThat(found("state", "SCHEDULED", "type", "registration")).containsExactly(ids.get(2), ids.get(0));
    }

    @Test
    void timesBoundTheList() {
        var ids = submit("times", 3);
        var middle = client.job(ids.get(1)).createdAt().toString();

        assertThat(all(Map.of("label", List.of("list:times"), "since", List.of(middle))))
                .extracting(Job::id)
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(all(Map.of("label", List.of("list:times"), "until", List.of(middle))))
                .extracting(Job::id)
                .containsExactly(ids.get(0));
    }

    @Test
    void parametersOutOfFormAreNamed() {
        for (var wrong : List.of(
                "state=DONE",
                "type=nothing",
                "label=team",
                "since=yesterday",
                "until=+1000000-01-01T00:00:00Z",
                "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
                "limit=0",
                "limit=101",
                "cursor=garbage",
                "cursor=" + "A".repeat(500))) {
            var answer = house.api.get("/v1/jobs?" + wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(422);
            assertThat(answer.body().path("type").asText()).isEqualTo("/problems/invalid-parameter");
            assertThat(answer.body().path("detail").asText()).contains(wrong.substring(0, 4));
        }
    }

    /** Jobs that start far ahead, so that they stay as they are; each accepted in a millisecond of its own. */
    private List<String> submit(String label, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> {
                    var job = client.submit(JobRequest.registration("list-" + label + "-" + i)
                            .labelled("list", label)
                            .startingAt(FAR));
                    Awaitility.await()
                            .until(() -> Instant.now().isAfter(job.createdAt().plusMillis(1)));
                    return job.id();
                })
                .toList();
    }

    private List<String> found(String... filters) {
        var parameters = new HashMap<String, List<String>>();
        parameters.put("label", new ArrayList<>(List.of("list:filters")));
        for (var i = 0; i < filters.length; i += 2) {
            parameters.computeIfAbsent(filters[i], absent -> new ArrayList<>()).add(filters[i + 1]);
        }
        return all(parameters).stream().map(Job::id).toList();
    }

    /** All pages, one after the other. */
    private List<Job> all(Map<String, List<String>> parameters) {
        var jobs = new ArrayList<Job>();
        var page = client.list(parameters);
        jobs.addAll(page.items());
        while (page.nextCursor() != null) {
            var next = new HashMap<>(parameters);
            next.put("cursor", List.of(page.nextCursor()));
            page = client.list(next);
            jobs.addAll(page.items());
        }
        return jobs;
    }
}
