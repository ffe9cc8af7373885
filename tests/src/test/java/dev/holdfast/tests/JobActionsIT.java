package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobId;
import org.junit.jupiter.api.Test;

class JobActionsIT {

    private final Api api = House.shared().api;

    @Test
    void jobThatStartsFarAheadIsCancelledAtOnceAndOnce() {
        var id = api.submit("""
                {"type": "registration", "notBefore": "2199-01-01T00:00:00Z",
                 "payload": {"username": "edith", "email": "edith@example.org"}}""");

        var cancelled = api.post("/v1/jobs/" + id + "/cancel", "");
        var again = api.post("/v1/jobs/" + id + "/cancel", "");

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.body().path("state").asText()).isEqualTo("CANCELLED");
        assertThat(cancelled.body().path("finishedAt").isMissingNode()).isFalse();
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().path("type").asText()).isEqualTo("/problems/wrong-state");
    }

    @Test
    void failedJobIsRetriedUnderItsId() {
        // given
        api.run("""
                {"type": "registration", "payload": {"username": "frances", "email": "frances@example.org"}}""");
        var taken = api.submit("""
                {"type": "registration", "payload": {"username": "frances", "email": "other@example.org"}}""");
        assertThat(api.await(taken).path("state").asText()).isEqualTo("FAILED");

        // when
        var retried = api.post("/v1/jobs/" + taken + "/retry", "");

        // then
        assertThat(retried.status()).isEqualTo(202);
        assertThat(retried.body().path("id").asText()).isEqualTo(taken);
        var ended = api.await(taken);
        assertThat(ended.path("state").asText()).isEqualTo("FAILED");
        assertThat(ended.path("attempt").asInt()).isEqualTo(1);
        assertThat(ended.path("history").findValuesAsText("state"))
                .containsExactly("QUEUED", "RUNNING", "FAILED", "QUEUED", "RUNNING", "FAILED");
    }

    @Test
    void onlyAFailedJobCanBeRetried() {
        var id = api.submit("""
                {"type": "registration", "payload": {"username": "gertrude", "email": "gertrude@example.org"}}""");
        api.await(id);

        var answer = api.post("/v1/jobs/" + id + "/retry", "");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("SUCCEEDED");
    }

    @Test
    void whatIsNotThereCannotBeCancelledOrRetried() {
        var nobody = JobId.derived("nobody", "nothing");
        for (var action : new String[] {"cancel", "retry"}) {
            assertThat(api.post("/v1/jobs/" + nobody + "/" + action, "").status())
                    .isEqualTo(404);
            assertThat(api.post("/v1/jobs/garbage/" + action, "").status()).isEqualTo(404);
        }
    }
}
