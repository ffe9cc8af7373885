package dev.holdfast.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Pattern;

/** A place in a trace as it is kept and as it travels (W3C Trace Context, section 3.2). */
public final class Traceparent {

    private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private Traceparent() {}

    /** The span that this thread is in; empty: none, or tracing is off. */
    public static Optional<String> current() {
        var here = Span.current().getSpanContext();
        return here.isValid() ? Optional.of(of(here)) : Optional.empty();
    }

    static String of(SpanContext place) {
        return "00-" + place.getTraceId() + "-" + place.getSpanId() + "-"
                + place.getTraceFlags().asHex();
    }

    /** An invalid one when the text names no place. */
    static SpanContext parse(String text) {
        if (!FORM.matcher(text).matches()) return SpanContext.getInvalid();
        return SpanContext.createFromRemoteParent(
                text.substring(3, 35), text.substring(36, 52), TraceFlags.fromHex(text, 53), TraceState.getDefault());
    }
}
