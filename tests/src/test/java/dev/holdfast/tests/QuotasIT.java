package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tests.Api.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuotasIT {

    private final House house = Door.HOUSE;
    private final String tenant = "q-" + UUID.randomUUID();
    private final String key = house.key(tenant, "jobs:read", "jobs:write");
    private final List<Api> pods = List.of(house.api.as(key), Door.SECOND.as(key));
    private final Api first = pods.getFirst();

    @Test
    void twoProcessesTogetherLetThroughWhatTheRateSaysAndWriteSeldom() throws Exception {
        // given: a bucket of 150, and 30 more each second
        limit("{\"requestsPerSecond\": 30}");
        var writes = writes();
        var through = new AtomicInteger();
        var requests = new AtomicInteger();
        var begun = System.nanoTime();
        var end = begun + Duration.ofSeconds(4).toNanos();

        // when
        together(8, () -> {
            for (var i = 0; System.nanoTime() < end; i++) {
                var answer = pods.get(i % 2).get("/v1/job-types");
                requests.incrementAndGet();
                if (answer.status() == 200) through.incrementAndGet();
                else assertThat(answer.status()).isEqualTo(429);
            }
            return null;
        });

        // then
        var seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0;
        var most = 150 + 30 * seconds;
        var written = writes() - writes;
        System.out.printf(
                "two processes, 30/s and bursts of 150: %d of %d let through in %.1f s (at most %.0f), with %.0f writes of the first%n",
                through.get(), requests.get(), seconds, most, written);
        assertThat(requests.get()).as("more than may be").isGreaterThan((int) most);
        assertThat((double) through.get()).isLessThanOrEqualTo(most + 1).isGreaterThan(0.8 * most);
        assertThat(written).isLessThan(0.5 * through.get());
    }

    /** Updates of items that the first process has made. */
    private double writes() {
        return house.metric("dynamodb_calls_total\\{action=\"UpdateItem\".*");
    }

    @Test
    void tooManyRequestsAreToldWhenToComeAgain() {
        limit("{\"requestsPerSecond\": 1}");
        var answer = first.get("/v1/job-types");
        for (var i = 0; i < 20 && answer.status() == 200; i++) answer = first.get("/v1/job-types");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body().path("type").asText()).isEqualTo("/problems/over-quota");
        assertThat(answer.body().path("retryable").asBoolean()).isTrue();
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"requests\";q=5;w=5");
        assertThat(answer.header("RateLimit")).isEqualTo("\"requests\";r=0;t=1");
        await().pollDelay(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(3))
                .until(() -> first.get("/v1/job-types").status() == 200);
    }

    @Test
    void openJobsAreAsManyAsTheQuotaAndEndedOnesMakeRoom() throws Exception {
        // given
        limit("{\"openJobs\": 5}");

        // when
        var answers = together(10, () -> submit(first));

        // then
        var accepted = answers.stream().filter(answer -> answer.status() == 202).toList();
        assertThat(accepted).hasSize(5);
        assertThat(submit(pods.get(1)).status()).as("at another process").isEqualTo(429);
        var refused = submit(first);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"open-jobs\";q=5;qu=\"jobs\"");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 3);
        assertThat(refused.body().path("detail").asText()).contains("5 jobs");

        // and
        for (var i = 0; i < 2; i++) {
            first.post("/v1/jobs/" + accepted.get(i).body().path("id").asText() + "/cancel", "");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> submit(first).status() == 202);
        await().atMost(Duration.ofSeconds(10)).until(() -> submit(pods.get(1)).status() == 202);
        var batch = first.post("/v1/jobs/batch", "{\"items\": [{\"job\": %s}]}".formatted(job()));
        assertThat(batch.body().at("/items/0/status").asInt()).isEqualTo(429);
    }

    @Test
    void replayTakesNoPlace() {
        limit("{\"openJobs\": 2}");
        var once = job();
        for (var i = 0; i < 2; i++) {
            assertThat(first.post("/v1/jobs", once, "Idempotency-Key", tenant).status())
                    .isEqualTo(202);
        }

        assertThat(submit(first).status()).isEqualTo(202);
        assertThat(submit(first).status()).isEqualTo(429);
    }

    @Test
    void bytesOfJobsAndUploadsAreCountedTogether() {
        limit("{\"bytesPerDay\": 1000}");
        assertThat(upload(750).status()).isEqualTo(201);
        assertThat(upload(400).status()).isEqualTo(429);

        assertThat(submit(first).status()).as("98 bytes").isEqualTo(202);
        assertThat(submit(first).status()).isEqualTo(202);
        var refused = submit(first);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"bytes\";q=1000;qu=\"content-bytes\";w=86400");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 86_400);
        assertThat(submit(pods.get(1)).status()).as("at another process").isEqualTo(429);
        limit("{\"bytesPerDay\": 100000}");
        assertThat(submit(first).status()).isEqualTo(202);
    }

    @Test
    void tenantWithoutQuotasHasNone() {
        assertThat(IntStream.range(0, 30).map(i -> submit(first).status())).containsOnly(202);
        assertThat(house.api.get("/v1/admin/tenants/" + tenant).body().path("effectiveQuotas"))
                .isEmpty();
    }

    private Answer upload(int size) {
        return first.post("/v1/uploads", "{\"name\": \"a\", \"size\": %d}".formatted(size));
    }

    private static Answer submit(Api pod) {
        return pod.post("/v1/jobs", job());
    }

    /** One that nobody works on: there is no worker. */
    private static String job() {
        var user = "u" + UUID.randomUUID().toString().substring(0, 12);
        return """
                {"type":"registration","payload":{"username":"%1$s","email":"%1$s@example.org"}}""".formatted(user);
    }

    /** Both processes are to know it. */
    private void limit(String quotas) {
        var path = "/v1/admin/tenants/" + tenant + "/quotas";
        var answer = house.api.send(house.api
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(quotas)));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var known = Instant.now().plus(Door.REMEMBERED).plusMillis(100);
        await().until(() -> Instant.now().isAfter(known));
    }

    private static <T> List<T> together(int threads, Callable<T> work) throws Exception {
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var results = new ArrayList<T>();
            for (var future : executor.invokeAll(java.util.Collections.nCopies(threads, work))) {
                results.add(future.get());
            }
            return results;
        }
    }
}
