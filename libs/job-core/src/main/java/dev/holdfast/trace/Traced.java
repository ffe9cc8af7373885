package dev.holdfast.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** Something that is done, as a span that has begun; or nothing, when it is not to be seen. */
public final class Traced {

    static final Traced NOTHING = new Traced(Span.getInvalid());

    private final Span span;

    Traced(Span span) {
        this.span = span;
    }

    /** What is done; it may fail. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T work() throws E;
    }

    /** Says more of it. Names are those of OpenTelemetry's semantic conventions, or begin with {@code holdfast.}. */
    public Traced with(String name, String value) {
        span.setAttribute(name, value);
        return this;
    }

    public Traced with(String name, long value) {
        span.setAttribute(name, value);
        return this;
    }

    /** The place of what is done on account of it. */
    public String traceparent(String otherwise) {
        return isNothing() ? otherwise : Traceparent.of(span.getSpanContext());
    }

    boolean isNothing() {
        return !span.getSpanContext().isValid();
    }

    /**
     * Does the work within the span, and ends it. An exception is noted by its class alone: its text may say what is
     * nobody's business.
     */
    public <T, E extends Exception> T around(Work<T, E> work) throws E {
        if (isNothing()) return work.work();
        try (var _ = span.makeCurrent()) {
            return work.work();
        } catch (Throwable failure) {
            failed(failure.getClass().getName());
            throw failure;
        } finally {
            span.end();
        }
    }

    /** Marks it as failed, and not yet as ended. */
    public void failed(String why) {
        span.setAttribute("error.type", why);
        span.setStatus(StatusCode.ERROR);
    }

    /** For what is not done {@link #around} something. */
    public void end() {
        span.end();
    }
}
