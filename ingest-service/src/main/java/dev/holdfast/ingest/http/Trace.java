package dev.holdfast.ingest.http;

import dev.holdfast.trace.Traceparent;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to: the client's, or a new one (W3C Trace Context, section 3.2). When tracing is on,
 * the request's own place in it.
 */
public record Trace(String traceparent) {

    /** The header, and the property of the request that holds what was decided. */
    static final String HEADER = "traceparent";

    private static final Pattern FORM = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** The same trace for every call within one request. */
    public static Trace of(ContainerRequestContext request) {
        if (request.getProperty(HEADER) instanceof Trace known) return known;
        var trace = from(request.getHeaderString(HEADER));
        request.setProperty(HEADER, trace);
        return trace;
    }

    /** That of the current span; otherwise a new one. For work that no request asks for. */
    public static Trace begin() {
        return from(null);
    }

    static Trace from(@Nullable String header) {
        return Traceparent.current()
                .or(() -> Optional.ofNullable(header)
                        .filter(value -> FORM.matcher(value).matches()))
                .map(Trace::new)
                .orElseGet(() -> new Trace("00-" + random(16) + "-" + random(8) + "-01"));
    }

    private static String random(int bytes) {
        var bits = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(bits);
        bits[0] |= 1; // all zero is not valid
        return HexFormat.of().formatHex(bits);
    }

    /** 32 hexadecimal digits. */
    public String traceId() {
        return traceparent.substring(3, 35);
    }
}
