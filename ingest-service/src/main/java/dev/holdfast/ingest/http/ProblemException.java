package dev.holdfast.ingest.http;

import dev.holdfast.ingest.http.Problem.FieldError;
import java.util.List;
import java.util.Optional;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {

    private final String slug;
    private final String title;
    private final int status;
    private final List<FieldError> errors;
    private final transient Optional<RateLimit> limit;

    private ProblemException(String slug, String title, int status, String detail, List<FieldError> errors) {
        this(slug, title, status, detail, errors, Optional.empty());
    }

    private ProblemException(
            String slug, String title, int status, String detail, List<FieldError> errors, Optional<RateLimit> limit) {
        super(detail, null, false, false); // an answer, not a defect: no stack trace
        this.slug = slug;
        this.title = title;
        this.status = status;
        this.errors = List.copyOf(errors);
        this.limit = limit;
    }

    public static ProblemException malformed(String detail) {
        return new ProblemException("malformed-request", "The request cannot be read", 400, detail, List.of());
    }

    public static ProblemException unauthorized(String detail) {
        return new ProblemException("unauthorized", "No valid API key", 401, detail, List.of());
    }

    public static ProblemException forbidden(String scope) {
        return new ProblemException(
                "scope-missing", "The API key may not do this", 403, "It needs the scope " + scope + ".", List.of());
    }

    /** The caller is known, and may not do this whatever its key says. */
    public static ProblemException refused(String slug, String title, String detail) {
        return new ProblemException(slug, title, 403, detail, List.of());
    }

    public static ProblemException notFound(String what) {
        return new ProblemException("not-found", "There is no such thing", 404, "There is no " + what + ".", List.of());
    }

    /** It was there, and its time is over. */
    public static ProblemException gone(String detail) {
        return new ProblemException("expired", "Its time is over", 410, detail, List.of());
    }

    public static ProblemException tooLarge(String detail) {
        return new ProblemException("too-large", "The request is too large", 413, detail, List.of());
    }

    /** The body was read, and some of its fields are not as they must be. */
    public static ProblemException invalid(List<FieldError> errors) {
        var fields = errors.stream()
                .map(error -> error.pointer().isEmpty() ? error.detail() : error.pointer() + ": " + error.detail())
                .toList();
        return new ProblemException(
                "invalid-request", "The request is not valid", 422, String.join("; ", fields), errors);
    }

    public static ProblemException invalid(String pointer, String detail) {
        return invalid(List.of(new FieldError(pointer, detail)));
    }

    public static ProblemException unprocessable(String slug, String title, String detail) {
        return new ProblemException(slug, title, 422, detail, List.of());
    }

    /** The resource is in a state in which this cannot be done. */
    public static ProblemException conflict(String detail) {
        return new ProblemException("wrong-state", "Not possible in this state", 409, detail, List.of());
    }

    /** The caller asks for more than its share. */
    public static ProblemException tooManyRequests(String detail) {
        return new ProblemException("too-many-requests", "Too much at a time", 429, detail, List.of());
    }

    /** The tenant has used up one of its quotas. */
    public static ProblemException overQuota(RateLimit limit, String detail) {
        return new ProblemException("over-quota", "A quota is used up", 429, detail, List.of(), Optional.of(limit));
    }

    /** Another resource has the name. */
    public static ProblemException nameTaken(String detail) {
        return new ProblemException("name-taken", "The name is taken", 409, detail, List.of());
    }

    public static ProblemException unavailable(String detail) {
        return new ProblemException("unavailable", "Not available right now", 503, detail, List.of());
    }

    /** The request goes beyond a limit of the service, which {@code detail} names. */
    static ProblemException refused(String slug, String title, int status, String detail) {
        return new ProblemException(slug, title, status, detail, List.of());
    }

    /** Any other status that HTTP itself explains. */
    public static ProblemException ofStatus(int status, String title, String detail) {
        return new ProblemException("http-" + status, title, status, detail, List.of());
    }

    public int status() {
        return status;
    }

    /** The faulty fields of the body, if that is what is wrong. */
    public List<FieldError> errors() {
        return errors;
    }

    /** The quota that is used up, if that is what is wrong. */
    public Optional<RateLimit> limit() {
        return limit;
    }

    /** The problem as the client reads it. */
    public Problem problem(String instance, String traceId) {
        var retryable = status == 429 || status == 503;
        return new Problem("/problems/" + slug, title, status, detail(), instance, traceId, retryable, errors);
    }

    private String detail() {
        var detail = getMessage();
        return detail == null ? title : detail;
    }
}
