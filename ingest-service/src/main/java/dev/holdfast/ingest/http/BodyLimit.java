package dev.holdfast.ingest.http;

import dev.holdfast.job.Json;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses a body that announces to be too large before it is read. One that does not say is stopped by {@link Body}.
 */
@Singleton
final class BodyLimit {

    private static final int EARLY = 1_000;

    /** What a client may still send after the refusal, so that it gets to read it instead of a broken connection. */
    private static final long DRAINED_BYTES = 64L << 20;

    void register(@Observes Filters filters) {
        filters.register(BodyLimit::check, EARLY);
    }

    private static void check(RoutingContext context) {
        var request = context.request();
        var length = contentLength(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (length <= Body.LIMIT_BYTES) {
            context.next();
        } else if (length <= DRAINED_BYTES && request.getHeader(HttpHeaders.EXPECT) == null) {
            request.endHandler(end -> refuse(context)).resume();
        } else {
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
            refuse(context);
        }
    }

    private static long contentLength(@org.jspecify.annotations.Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException notANumber) {
            return 0; // the HTTP server refuses it by itself
        }
    }

    private static void refuse(RoutingContext context) {
        var trace = Trace.from(context.request().getHeader(Trace.HEADER));
        var problem = Body.tooLarge().problem(context.normalizedPath(), trace.traceId());
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(Json.write(problem));
    }
}
