package dev.holdfast.tests.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error of the API (RFC 9457). */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String traceId,
        boolean retryable,
        @Nullable List<Fault> errors) {

    /** A faulty field, by JSON Pointer. */
    public record Fault(String pointer, String detail) {}
}
