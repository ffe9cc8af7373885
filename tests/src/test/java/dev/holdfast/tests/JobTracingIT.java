package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.QueueConsumer;
import dev.holdfast.run.Run;
import dev.holdfast.trace.Tracing;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the way of a job does to its trace: batches, children, phases, messages that are sent again. */
class JobTracingIT {

    /** Of every job of {@link Core}: its trace, and the span of the request that asked for it. */
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private static final String REQUEST = "b7ad6b7169203331";
    private static final Outcome DONE = new Outcome.Succeeded(new JobResult.Registered("u-1"));

    @RegisterExtension
    static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

    private final Core core = Core.start();
    private final Tracing tracing = Tracing.by(TELEMETRY::getOpenTelemetry);

    {
        core.tracing = tracing;
    }

    @AfterEach
    void close() {
        core.close();
    }

    /** What has ended, but for the event of a job's end. */
    private static List<SpanData> named(String name) {
        return TELEMETRY.getSpans().stream()
                .filter(span ->
                        span.getName().startsWith(name) && !span.getName().endsWith("-events"))
                .toList();
    }

    /** Works until the job has ended. */
    private void work(Job job, QueueConsumer consumer) throws InterruptedException {
        consumer.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> core.jobs.find(job.id()).orElseThrow().state() == JobState.SUCCEEDED);
        consumer.stop();
    }

    private Outcome fanOut(Run run) {
        var job = run.job();
        if (job.parent().isPresent() || !job.phase().isEmpty()) return DONE;
        return new Outcome.FanOut(List.of(job.spec().payload(), job.spec().payload()), "commit");
    }

    @Test
    void childrenAndTheNextPhaseAreInTheTraceOfTheirParent() throws Exception {
        // given
        var parent = core.job("x");
        core.jobs.submit(parent);
        core.queues().enqueue(parent, Duration.ZERO);
        // when
        work(parent, core.consumer(core.runner(this::fanOut), Core.Consuming.slots(4)));
        // then
        var spans = TELEMETRY.getSpans();
        assertThat(spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
        assertThat(named("run registration")).as("parent, two children, parent").hasSize(4);
        var sends = named("send ").stream().collect(Collectors.toMap(SpanData::getSpanId, send -> send));
        var runs = named("process ").stream().collect(Collectors.toMap(SpanData::getSpanId, run -> run));
        assertThat(runs.values())
                .as("at least: a parent may be woken twice")
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(run -> assertThat(sends).containsKey(run.getParentSpanId()));
        assertThat(sends.values())
                .filteredOn(send -> !runs.containsKey(send.getParentSpanId()))
                .extracting(SpanData::getParentSpanId)
                .as("all but the first are sent by runs")
                .containsExactly(REQUEST);
    }

    /** As the reconciler does it, that knows the row alone; or a request of another trace. */
    @Test
    void messageThatIsSentAgainIsInTheTraceThatTheRowKeeps() throws Exception {
        // given
        var job = core.jobStartingIn(Duration.ofHours(1));
        core.jobs.submit(job);
        core.pass(Duration.ofHours(2));
        var kept = core.jobs.find(job.id()).orElseThrow();
        // when
        core.queues().enqueue(kept, Duration.ZERO);
        tracing.beginning("POST retry").around(() -> {
            core.queues().enqueue(kept, Duration.ZERO);
            return kept;
        });
        work(job, core.consumer(core.runner(run -> DONE), Core.Consuming.slots(1)));
        // then
        assertThat(named("run registration"))
                .hasSize(1)
                .allSatisfy(run -> assertThat(run.getTraceId()).isEqualTo(TRACE));
        assertThat(named("send "))
                .hasSize(2)
                .allSatisfy(send -> assertThat(send.getParentSpanId()).isEqualTo(REQUEST));
        assertThat(named("send ").getLast().getLinks())
                .extracting(link -> link.getSpanContext().getTraceId())
                .containsExactly(named("POST retry").getFirst().getTraceId());
    }
}
