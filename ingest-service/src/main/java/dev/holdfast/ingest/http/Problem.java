package dev.holdfast.ingest.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * An error as RFC 9457 writes it.
 *
 * @param type {@code /problems/} and a stable word to switch on
 * @param detail what went wrong with this request, for people
 * @param instance the path of the request
 * @param retryable whether the same request may succeed later
 * @param errors the faults of the request's body, each with a JSON Pointer (RFC 6901) to its place
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String traceId,
        boolean retryable,
        List<FieldError> errors) {

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A fault at one place of the body. {@code pointer} is empty for the body as a whole. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record FieldError(String pointer, String detail) {}
}
