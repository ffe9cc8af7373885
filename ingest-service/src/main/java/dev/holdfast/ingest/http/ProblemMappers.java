package dev.holdfast.ingest.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error leaves the service as a problem, and none with more than the client should know. */
@Singleton
final class ProblemMappers {

    static final long RETRY_AFTER_SECONDS = 5;

    @ServerExceptionMapper
    Response problem(ProblemException e, ContainerRequestContext request) {
        return answer(e, request);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e, ContainerRequestContext request) {
        var status = e.getResponse().getStatus();
        var title = Optional.ofNullable(Response.Status.fromStatusCode(status))
                .map(Response.Status::getReasonPhrase)
                .orElse("HTTP " + status);
        var detail = switch (status) {
            case 404 -> "There is nothing at this path.";
            case 405 -> "This path does not know the method " + request.getMethod() + ".";
            case 415 -> "Send the body as application/json.";
            default -> title;
        };
        return answer(ProblemException.ofStatus(status, title, detail), request);
    }

    @ServerExceptionMapper
    Response stopping(InterruptedException e, ContainerRequestContext request) {
        Thread.currentThread().interrupt();
        return other(e, request);
    }

    @ServerExceptionMapper
    Response other(RuntimeException e, ContainerRequestContext request) {
        return other((Exception) e, request);
    }

    private static Response other(Exception e, ContainerRequestContext request) {
        return answer(Problems.of(e, path(request)), request);
    }

    private static String path(ContainerRequestContext request) {
        return "/" + request.getUriInfo().getPath().replaceFirst("^/", "");
    }

    private static Response answer(ProblemException e, ContainerRequestContext request) {
        var response = Response.status(e.status())
                .entity(e.problem(path(request), Trace.of(request).traceId()))
                .type(Problem.MEDIA_TYPE);
        if (e.status() == 401) response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        if (e.status() == 429 || e.status() == 503) {
            response.header(
                    HttpHeaders.RETRY_AFTER,
                    e.limit().map(RateLimit::retrySeconds).orElse(RETRY_AFTER_SECONDS));
        }
        e.limit()
                .ifPresent(limit ->
                        response.header(RateLimit.POLICY, limit.policy()).header(RateLimit.LIMIT, limit.state()));
        return response.build();
    }
}
