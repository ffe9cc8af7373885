package dev.holdfast.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {

    private static final String JOB_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String JOB_SPAN = "b7ad6b7169203331";
    private static final String KEPT = "00-" + JOB_TRACE + "-" + JOB_SPAN + "-01";
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @RegisterExtension
    static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

    private final Tracing tracing = Tracing.by(TELEMETRY::getOpenTelemetry);

    private SpanData only(String name) {
        return TELEMETRY.getSpans().stream()
                .filter(span -> span.getName().equals(name))
                .reduce((one, other) -> {
                    throw new AssertionError("two of " + name);
                })
                .orElseThrow();
    }

    @Test
    void messageThatNobodyAsksForNowIsSentWhereItsSubjectIsKept() {
        var sending = tracing.sending("quick", KEPT);
        var carried = sending.traceparent(KEPT);
        sending.end();

        var span = only("send quick");
        assertThat(span.getTraceId()).isEqualTo(JOB_TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(JOB_SPAN);
        assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(span.getLinks()).isEmpty();
        assertThat(carried).isEqualTo("00-" + JOB_TRACE + "-" + span.getSpanId() + "-01");
    }

    @Test
    void messageOfTheCurrentTraceIsSentUnderTheCurrentSpan() {
        tracing.processing("bulk", "m-1", 1, KEPT)
                .around(() -> tracing.sending("events", KEPT).around(() -> 1));

        var span = only("send events");
        assertThat(span.getTraceId()).isEqualTo(JOB_TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(only("process bulk").getSpanId());
    }

    /** A failed job that somebody retries, a dead letter that is sent again, a replayed request. */
    @Test
    void messageThatAnotherTraceSendsStaysInItsOwnAndIsLinked() {
        tracing.beginning("POST retry")
                .around(() -> tracing.sending("quick", KEPT).around(() -> 1));

        var span = only("send quick");
        assertThat(span.getTraceId()).isEqualTo(JOB_TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(JOB_SPAN);
        assertThat(span.getLinks())
                .extracting(link -> link.getSpanContext().getSpanId())
                .containsExactly(only("POST retry").getSpanId());
    }

    @Test
    void traceThatIsNotSampledTravelsOnAndIsNotSeen() {
        var unsampled = KEPT.replaceFirst("01$", "00");

        var carried = tracing.processing("quick", "m-1", 1, unsampled)
                .around(() -> tracing.sending("events", unsampled).traceparent("none"));

        assertThat(carried).matches("00-" + JOB_TRACE + "-[0-9a-f]{16}-00");
        assertThat(TELEMETRY.getSpans()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
            })
    void messageWithoutAPlaceInATraceIsInNone(String traceparent) {
        var carried = tracing.sending("quick", traceparent).traceparent(traceparent);
        tracing.waited("quick", traceparent, NOON, NOON.plusSeconds(1));
        tracing.processing("quick", "m-1", 1, traceparent).around(() -> 1);

        assertThat(carried).isEqualTo(traceparent);
        assertThat(TELEMETRY.getSpans()).isEmpty();
    }

    @Test
    void waitIsAsLongAsItWas() {
        tracing.waited("quick", KEPT, NOON, NOON.plusSeconds(1));

        var wait = only("wait quick");
        assertThat(wait.getEndEpochNanos() - wait.getStartEpochNanos()).isEqualTo(1_000_000_000);
        assertThat(wait.getParentSpanId()).isEqualTo(JOB_SPAN);
    }

    @Test
    void clockThatIsBehindMakesNoWaitNegative() {
        tracing.waited(KEPT, NOON.plusMillis(5), NOON, 2, "RETRYING attempt-failed");

        var wait = only("wait for attempt");
        assertThat(wait.getStartEpochNanos()).isEqualTo(wait.getEndEpochNanos());
    }

    @Test
    void failureIsNamedWithoutItsText() {
        var processing = tracing.processing("quick", "m-1", 1, KEPT);

        assertThatThrownBy(() -> processing.around(() -> {
                    throw new IllegalStateException("ada@example.org");
                }))
                .hasMessage("ada@example.org");

        var span = only("process quick");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.toString()).contains("java.lang.IllegalStateException").doesNotContain("ada@example.org");
    }

    @Test
    void stepsAndCallsOutsideOfATraceAreNotSeen() {
        tracing.step("mail welcome").around(() -> 1);
        tracing.call("Sqs.ReceiveMessage").around(() -> 1);

        assertThat(TELEMETRY.getSpans()).isEmpty();
    }

    @Test
    void nothingIsMadeWhenItIsOff() {
        var carried = Tracing.OFF
                .beginning("fire schedule")
                .around(() -> Tracing.OFF
                        .processing("quick", "m-1", 1, KEPT)
                        .around(() -> Tracing.OFF.sending("events", KEPT).traceparent(KEPT)));
        Tracing.OFF.waited("quick", KEPT, NOON, NOON);

        assertThat(carried).isSameAs(KEPT);
        assertThat(Span.current()).isSameAs(Span.getInvalid());
        assertThat(TELEMETRY.getSpans()).isEmpty();
    }
}
