package dev.holdfast.ingest.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** What a request is refused with before anybody has looked at what it asks for; each names the limit. */
final class Refusal {

    private Refusal() {}

    /** What the HTTP server could not read. */
    static ProblemException unreadable(Throwable cause, HttpConfig config) {
        return switch (cause) {
            case TooLongHttpLineException line -> requestLineTooLong(config);
            case TooLongHttpHeaderException header -> headersTooLarge(config);
            default -> ProblemException.malformed("This is not HTTP/1.1 (RFC 9112).");
        };
    }

    private static ProblemException requestLineTooLong(HttpConfig config) {
        return ProblemException.refused(
                "url-too-long",
                "The URL is too long",
                414,
                "The first line of a request may have %d bytes.".formatted(config.maxRequestLine()));
    }

    private static ProblemException headersTooLarge(HttpConfig config) {
        return headers("The headers of a request may have %d bytes together.".formatted(config.maxHeaderBytes()));
    }

    static ProblemException tooManyHeaders(HttpConfig config) {
        return headers("A request may have %d headers.".formatted(config.maxHeaders()));
    }

    private static ProblemException headers(String detail) {
        return ProblemException.refused("headers-too-large", "The headers are too large", 431, detail);
    }

    static ProblemException tooManyParameters(HttpConfig config) {
        return ProblemException.malformed("A query may have %d parameters.".formatted(config.maxQueryParameters()));
    }

    static ProblemException nowhere() {
        return ProblemException.notFound("such path");
    }

    static ProblemException slowHeaders(HttpConfig config) {
        return slow("headers", config.headerTimeout().toMillis());
    }

    static ProblemException slowBody(HttpConfig config) {
        return slow("body", config.bodyTimeout().toMillis());
    }

    private static ProblemException slow(String part, long millis) {
        return ProblemException.refused(
                "request-timeout",
                "The request took too long to arrive",
                408,
                "The %s of a request must arrive within %s seconds.".formatted(part, millis / 1000.0));
    }

    static ProblemException encoding() {
        return ProblemException.refused(
                "unsupported-encoding",
                "The body's encoding is not supported",
                415,
                "Send the body as it is, without Content-Encoding, in UTF-8.");
    }

    static ProblemException transferEncoding() {
        return ProblemException.malformed("Transfer-Encoding may only be chunked.");
    }

    static ProblemException expectation() {
        return ProblemException.refused(
                "expectation-failed", "The expectation cannot be met", 417, "Expect may only be 100-continue.");
    }
}
