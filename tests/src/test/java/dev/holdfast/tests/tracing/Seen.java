package dev.holdfast.tests.tracing;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A span as a service has told of it.
 *
 * @param parent the id of the span that it is part of; empty: none
 * @param links ids of spans of other traces
 */
public record Seen(
        String service,
        String trace,
        String id,
        String parent,
        String name,
        Span.SpanKind kind,
        Instant begin,
        Instant end,
        Map<String, String> attributes,
        boolean failed,
        List<String> links) {

    static Seen of(String service, Span span) {
        return new Seen(
                service,
                hex(span.getTraceId().toByteArray()),
                hex(span.getSpanId().toByteArray()),
                hex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKind(),
                Instant.EPOCH.plusNanos(span.getStartTimeUnixNano()),
                Instant.EPOCH.plusNanos(span.getEndTimeUnixNano()),
                attributes(span.getAttributesList()),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                span.getLinksList().stream()
                        .map(link -> hex(link.getSpanId().toByteArray()))
                        .toList());
    }

    static Map<String, String> attributes(List<KeyValue> list) {
        var attributes = new TreeMap<String, String>();
        for (var attribute : list) attributes.put(attribute.getKey(), text(attribute.getValue()));
        return attributes;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> value.toString();
        };
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public Duration took() {
        return Duration.between(begin, end);
    }

    /** An attribute; empty when it has none of that name. */
    public String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }
}
