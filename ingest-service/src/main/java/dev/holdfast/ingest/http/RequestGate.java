package dev.holdfast.ingest.http;

import dev.holdfast.job.Json;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first to see a request: refuses what no operation wants, and lets the others on when their body is there, so that
 * a slow one holds no thread.
 */
@Singleton
final class RequestGate {

    private static final int EARLY = 1_000;
    private static final Pattern OTHER_CHARSET =
            Pattern.compile("(?i).*;\\s*charset\\s*=\\s*\"?(?!utf-?8\"?\\s*(?:;|$)).*");

    private final HttpConfig config;

    RequestGate(HttpConfig config) {
        this.config = config;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, EARLY);
    }

    /** What the router refuses by itself, such as a path that it cannot decode, is a problem like any other. */
    void explainFailures(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
            var failure = context.failure();
            var problem = context.statusCode() >= 400 && context.statusCode() < 500
                    ? ProblemException.malformed("The request cannot be read.")
                    : Problems.of(
                            failure instanceof Exception e ? e : new IllegalStateException(failure),
                            RequestTarget.path(context.request().uri()));
            answer(context, problem);
        });
    }

    private void check(RoutingContext context) {
        var refusal = refusal(context.request());
        if (refusal.isPresent()) {
            new IncomingBody(context).discard(() -> answer(context, refusal.get()));
        } else {
            new IncomingBody(context).read(context::next, () -> answer(context, Body.tooLarge()));
        }
    }

    private Optional<ProblemException> refusal(HttpServerRequest request) {
        var headers = request.headers();
        if (headers.entries().size() > config.maxHeaders()) return Optional.of(Refusal.tooManyHeaders(config));
        if (RequestTarget.leadsNowhere(request.uri())) return Optional.of(Refusal.nowhere());
        if (RequestTarget.parameters(request.uri()) > config.maxQueryParameters()) {
            return Optional.of(Refusal.tooManyParameters(config));
        }
        if (!isOneOf(headers.get(HttpHeaders.CONTENT_ENCODING), HttpHeaderValues.IDENTITY)
                || OTHER_CHARSET
                        .matcher(lower(headers.get(HttpHeaders.CONTENT_TYPE)))
                        .matches()) {
            return Optional.of(Refusal.encoding());
        }
        if (!isOneOf(headers.get(HttpHeaders.TRANSFER_ENCODING), HttpHeaderValues.CHUNKED)) {
            return Optional.of(Refusal.transferEncoding());
        }
        if (!isOneOf(headers.get(HttpHeaders.EXPECT), HttpHeaderValues.CONTINUE)) {
            return Optional.of(Refusal.expectation());
        }
        return Optional.empty();
    }

    private static boolean isOneOf(@Nullable String header, CharSequence known) {
        return header == null || lower(header).strip().contentEquals(known);
    }

    private static String lower(@Nullable String header) {
        return header == null ? "" : header.toLowerCase(Locale.ROOT);
    }

    private static void answer(RoutingContext context, ProblemException refusal) {
        var response = context.response();
        if (response.ended() || response.closed()) return;
        if (response.headWritten()) {
            context.request().connection().close();
            return;
        }
        var trace = Trace.from(context.request().getHeader(Trace.HEADER));
        var problem = refusal.problem(RequestTarget.path(context.request().uri()), trace.traceId());
        if (problem.retryable()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(ProblemMappers.RETRY_AFTER_SECONDS));
        }
        response.setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(Json.write(problem));
    }
}
