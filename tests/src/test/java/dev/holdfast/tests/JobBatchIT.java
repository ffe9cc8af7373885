package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.client.HoldfastClient;
import dev.holdfast.tests.client.HoldfastClient.BatchItem;
import dev.holdfast.tests.client.HoldfastClient.BatchResult;
import dev.holdfast.tests.client.Job.State;
import dev.holdfast.tests.client.JobRequest;
import dev.holdfast.tests.client.Problem.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobBatchIT {

    private final House house = House.shared();
    private final HoldfastClient client = house.client();

    @Test
    void hundredJobsAreTakenInAtOnceAndEndEachByItself() {
        var answers = client.submitAll(IntStream.range(0, 100)
                .mapToObj(i -> new BatchItem(null, JobRequest.registration("batch-" + i)))
                .toList());

        assertThat(answers).hasSize(100).extracting(BatchResult::status).containsOnly(202);
        for (var i = 0; i < 100; i++) {
            var job = client.await(Objects.requireNonNull(answers.get(i).id()), Duration.ofSeconds(60));
            assertThat(job.state()).isEqualTo(State.SUCCEEDED);
        }
    }

    @Test
    void jobThatIsRefusedHarmsNoOther() {
        var answers = client.submitAll(List.of(
                new BatchItem(null, JobRequest.registration("batch-well")),
                new BatchItem(null, JobRequest.of("registration", Map.of("username", "batch-ill"))),
                new BatchItem(null, JobRequest.of("nothing", Map.of("a", 1))),
                new BatchItem("\n", JobRequest.registration("batch-key"))));

        assertThat(answers).extracting(BatchResult::status).containsExactly(202, 422, 422, 422);
        assertThat(faults(answers.get(1))).extracting(Fault::pointer).containsExactly("/items/1/job/payload/email");
        assertThat(faults(answers.get(2))).extracting(Fault::pointer).containsExactly("/items/2/job/type");
        assertThat(Objects.requireNonNull(answers.get(3).problem()).type())
                .isEqualTo("/problems/idempotency-key-malformed");
    }

    @Test
    void keysMeanTheSameInABatchAndAlone() {
        var job = JobRequest.registration("batch-same");
        var alone = client.submit(job, "batch-key-1");

        var answers = client.submitAll(List.of(
                new BatchItem("batch-key-1", job),
                new BatchItem("batch-key-1", JobRequest.registration("batch-other")),
                new BatchItem("batch-key-2", JobRequest.registration("batch-twice")),
                new BatchItem("batch-key-2", JobRequest.registration("batch-twice"))));

        assertThat(answers.get(0).id()).isEqualTo(alone.id());
        assertThat(Objects.requireNonNull(answers.get(1).problem()).type())
                .isEqualTo("/problems/idempotency-key-reused");
        assertThat(answers.get(2).id()).isNotNull().isEqualTo(answers.get(3).id());
    }

    @Test
    void bodyThatIsNoListOfItemsIsRefusedAsAWhole() {
        for (var body : List.of(
                "[]",
                "{}",
                "{\"items\": []}",
                "{\"items\": {}}",
                "{\"items\": [" + "{},".repeat(100) + "{}]}",
                "{\"items\": [{}], \"more\": 1}")) {
            assertThat(house.api.post("/v1/jobs/batch", body).status()).as(body).isEqualTo(422);
        }
        var item = house.api.post("/v1/jobs/batch", "{\"items\": [{\"job\": {}, \"key\": 1}, 7]}");
        assertThat(item.status()).isEqualTo(200);
        assertThat(item.body().path("items").findValuesAsText("pointer")).contains("/items/0/key", "/items/1");
    }

    private static List<Fault> faults(BatchResult result) {
        return Objects.requireNonNull(Objects.requireNonNull(result.problem()).errors());
    }
}
