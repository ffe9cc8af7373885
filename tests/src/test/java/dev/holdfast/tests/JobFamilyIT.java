package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Children;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobFamilies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

class JobFamilyIT extends JobRuns {

    @Test
    void parentIsRunAgainWhenItsLastChildHasEnded() throws Exception {
        // given
        var parent = submitted();
        var children = IntStream.range(0, 150)
                .<JobPayload>mapToObj(
                        i -> new JobPayload.Registration("child-" + i, "c" + i + "@example.org", Map.of()))
                .toList();

        // when
        assertThat(handle(parent, run -> new Outcome.FanOut(children, "commit")))
                .isEqualTo(new Delete());
        var waiting = job(parent);
        assertThat(handle(parent, run -> DONE))
                .as("its message again, while it waits")
                .isEqualTo(new Delete());
        var ids = waiting.children().orElseThrow().ids(parent);
        for (var child : ids.subList(0, 149)) handle(child, run -> DONE);
        assertThat(job(parent).state()).isEqualTo(JobState.WAITING);
        handle(ids.get(149), run -> new Outcome.Rejected("broken", "This one is."));
        handle(ids.get(149), run -> DONE);

        // then
        assertThat(waiting.state()).isEqualTo(JobState.WAITING);
        var awake = job(parent);
        assertThat(awake.state()).isEqualTo(JobState.QUEUED);
        assertThat(awake.phase()).isEqualTo("commit");
        assertThat(awake.children().flatMap(Children::lastEnd))
                .hasValueSatisfying(at -> assertThat(at).isBetween(waiting.updatedAt(), awake.updatedAt()));
        assertThat(awake.children())
                .contains(new Children(
                        1, 150, 0, 1, awake.children().orElseThrow().lastEnd()));
        var phases = new AtomicReference<String>();
        handle(parent, run -> {
            phases.set(run.job().phase());
            return DONE;
        });
        assertThat(phases.get()).isEqualTo("commit");
        assertThat(job(parent).state()).isEqualTo(JobState.SUCCEEDED);
    }

    /** Those that a lagging replica does not show would be queued by nobody: the message of the parent is deleted. */
    @Test
    void newChildrenAreReadConsistently() throws Exception {
        var parent = submitted();
        List<JobPayload> children = List.of(new JobPayload.Registration("only", "only@example.org", Map.of()));
        handle(parent, run -> new Outcome.FanOut(children, "commit"));
        var reads = new ArrayList<KeysAndAttributes>();
        var watcher = new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                reads.addAll(
                        ((BatchGetItemRequest) context.request()).requestItems().values());
            }
        };
        try (var dynamo = Cloud.dynamo(watcher)) {
            var keeping = new Core.Keeping(Core.LEASE, Duration.ofDays(90));
            var families = new JobFamilies(dynamo, CORE.table, CORE.jobs, keeping, () -> CORE.now);

            assertThat(families.unbegun(job(parent))).hasSize(1);
        }

        assertThat(reads).isNotEmpty().allMatch(KeysAndAttributes::consistentRead);
    }

    @Test
    void jobThatIsRetriedByHandBeginsWithItsFirstPhase() throws Exception {
        var parent = submitted();
        List<JobPayload> children = List.of(new JobPayload.Registration("only", "only@example.org", Map.of()));
        handle(parent, run -> new Outcome.FanOut(children, "commit"));
        handle(job(parent).children().orElseThrow().ids(parent).getFirst(), run -> DONE);
        handle(parent, run -> new Outcome.Rejected("broken", "It cannot be put together."));
        assertThat(job(parent)).returns(JobState.FAILED, Job::state).returns("commit", Job::phase);

        CORE.control.retry(parent);

        assertThat(job(parent)).returns(JobState.QUEUED, Job::state).returns("", Job::phase);
    }

    @Test
    void childrenThatEndTogetherAreAllCounted() throws Exception {
        var parent = submitted();
        var children = IntStream.range(0, 20)
                .<JobPayload>mapToObj(i -> new JobPayload.Registration("twin-" + i, "t" + i + "@example.org", Map.of()))
                .toList();
        handle(parent, run -> new Outcome.FanOut(children, "commit"));

        var threads = job(parent).children().orElseThrow().ids(parent).stream()
                .map(child -> Thread.startVirtualThread(() -> {
                    try {
                        handle(child, run -> DONE);
                    } catch (InterruptedException never) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        for (var thread : threads) thread.join();

        var all = job(parent).children().orElseThrow();
        assertThat(all).isEqualTo(new Children(1, 20, 0, 0, all.lastEnd()));
        assertThat(job(parent).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void replacedRunCannotFanOut() throws Exception {
        var id = submitted();

        var disposition = handle(id, run -> {
            CORE.pass(Core.LEASE);
            assertThat(CORE.jobs.claim(id)).isInstanceOf(Claim.Won.class);
            return new Outcome.FanOut(List.of(run.job().spec().payload()), "commit");
        });

        assertThat(disposition).isEqualTo(new Return(Duration.ofSeconds(5)));
        assertThat(job(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(CORE.jobs.find(JobId.child(id, 1, 0))).isEmpty();
    }

    @Test
    void cancellingAWaitingJobCancelsItsChildren() throws Exception {
        var parent = submitted();
        handle(parent, run -> new Outcome.FanOut(List.of(run.job().spec().payload()), "commit"));

        CORE.control.cancel(parent);

        assertThat(job(parent).state()).isEqualTo(JobState.CANCELLED);
        assertThat(job(JobId.child(parent, 1, 0)).state()).isEqualTo(JobState.CANCELLED);
    }
}
