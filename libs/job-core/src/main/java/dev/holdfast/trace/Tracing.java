package dev.holdfast.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of a job's way. A job belongs to the trace of the request that asked for it, however long it waits
 * and whoever puts it on a queue again: its row keeps the place in the trace, each message carries one.
 *
 * <p>When tracing is off, nothing is made, and what travels is what was given. Thread-safe.
 */
public final class Tracing {

    /** Makes no spans. */
    public static final Tracing OFF = new Tracing(null);

    private final @Nullable Supplier<OpenTelemetry> telemetry;
    private volatile @Nullable Tracer known;

    private Tracing(@Nullable Supplier<OpenTelemetry> telemetry) {
        this.telemetry = telemetry;
    }

    /** Makes spans; asks for what makes them when the first is begun, for clients of AWS are there before it. */
    public static Tracing by(Supplier<OpenTelemetry> telemetry) {
        return new Tracing(telemetry);
    }

    public boolean isOn() {
        return telemetry != null;
    }

    private Tracer tracer() {
        var tracer = known;
        if (tracer == null) {
            tracer = Objects.requireNonNull(telemetry).get().getTracer("dev.holdfast");
            known = tracer;
        }
        return tracer;
    }

    /**
     * The sending of a message. It belongs to the trace that the message's subject is kept with; under the current span
     * if that is of the same trace, else linked to it.
     *
     * @param kept where the subject's trace was left; what the message carries is to be
     *     {@link Traced#traceparent(String)}
     */
    public Traced sending(String queue, String kept) {
        if (!isOn()) return Traced.NOTHING;
        var place = Traceparent.parse(kept);
        var here = Span.current().getSpanContext();
        var send = message("send", queue, tracer()).setSpanKind(SpanKind.PRODUCER);
        if (place.isValid() && !place.getTraceId().equals(here.getTraceId())) {
            send.setParent(under(place));
            if (here.isValid()) send.addLink(here);
        } else if (!here.isValid() && !place.isValid()) {
            return Traced.NOTHING;
        }
        return new Traced(operation("send", send).startSpan());
    }

    /** The handling of a message, where its sender's span is. */
    public Traced processing(String queue, String messageId, int receives, String traceparent) {
        if (!isOn()) return Traced.NOTHING;
        var place = Traceparent.parse(traceparent);
        if (!place.isValid()) return Traced.NOTHING;
        var process = message("process", queue, tracer())
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(under(place))
                .setAttribute("messaging.message.id", messageId)
                .setAttribute("holdfast.message.receives", receives);
        return new Traced(operation("process", process).startSpan());
    }

    /** How long a message has waited on its queue, beside what is made of it. */
    public void waited(String queue, String traceparent, Instant since, Instant until) {
        if (!isOn()) return;
        past(message("wait", queue, tracer()), traceparent, since, until);
    }

    /**
     * How long a job has waited for its next run, because of what happened before.
     *
     * @param after the state that it waited in, and why
     */
    public void waited(String traceparent, Instant since, Instant until, int attempt, String after) {
        if (!isOn()) return;
        var wait = tracer().spanBuilder("wait for attempt")
                .setAttribute("holdfast.job.attempt", attempt)
                .setAttribute("holdfast.waited.after", after);
        past(wait, traceparent, since, until);
    }

    private static void past(SpanBuilder wait, String traceparent, Instant since, Instant until) {
        var place = Traceparent.parse(traceparent);
        if (!place.isValid()) return;
        var begin = since.isAfter(until) ? until : since; // two machines, two clocks
        wait.setParent(under(place)).setStartTimestamp(begin).startSpan().end(until);
    }

    /** A step of what the current span is about; nothing when there is none. */
    public Traced step(String name) {
        return beneath(name, SpanKind.INTERNAL);
    }

    /** A call to another service, for what the current span is about; nothing when there is none. */
    public Traced call(String name) {
        return beneath(name, SpanKind.CLIENT);
    }

    private Traced beneath(String name, SpanKind kind) {
        if (!isOn() || !Span.current().getSpanContext().isValid()) return Traced.NOTHING;
        return new Traced(tracer().spanBuilder(name).setSpanKind(kind).startSpan());
    }

    /** The first of a new trace: work that no request asks for. */
    public Traced beginning(String name) {
        if (!isOn()) return Traced.NOTHING;
        return new Traced(tracer().spanBuilder(name).setNoParent().startSpan());
    }

    private static Context under(SpanContext place) {
        return Context.root().with(Span.wrap(place));
    }

    /** Attributes after the semantic conventions for messaging. */
    private static SpanBuilder message(String name, String queue, Tracer tracer) {
        return tracer.spanBuilder(name + " " + queue)
                .setAttribute("messaging.system", "aws_sqs")
                .setAttribute("messaging.destination.name", queue);
    }

    private static SpanBuilder operation(String name, SpanBuilder span) {
        return span.setAttribute("messaging.operation.name", name).setAttribute("messaging.operation.type", name);
    }
}
