package dev.holdfast.ingest.http;

import dev.holdfast.queue.NotSentException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import software.amazon.awssdk.core.exception.SdkException;

/** Every error leaves the service as a problem, and none with more than the client should know. */
@Singleton
final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final int RETRY_AFTER_SECONDS = 5;

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
    Response aws(SdkException e, ContainerRequestContext request) {
        LOG.warnf("AWS call failed path=%s error=%s", request.getUriInfo().getPath(), e);
        return answer(
                ProblemException.unavailable("A queue or table cannot be reached; nothing was promised."), request);
    }

    @ServerExceptionMapper
    Response notSent(NotSentException e, ContainerRequestContext request) {
        LOG.warnf("message refused path=%s error=%s", request.getUriInfo().getPath(), e.getMessage());
        return answer(ProblemException.unavailable("The queue did not take the job; nothing was promised."), request);
    }

    @ServerExceptionMapper
    Response stopping(InterruptedException e, ContainerRequestContext request) {
        Thread.currentThread().interrupt();
        return answer(ProblemException.unavailable("The service is being stopped; nothing was promised."), request);
    }

    @ServerExceptionMapper
    Response defect(RuntimeException e, ContainerRequestContext request) {
        LOG.errorf(e, "request failed path=%s", request.getUriInfo().getPath());
        return answer(
                ProblemException.ofStatus(500, "A defect of this service", "It was logged under the trace id."),
                request);
    }

    private static Response answer(ProblemException e, ContainerRequestContext request) {
        var path = "/" + request.getUriInfo().getPath().replaceFirst("^/", "");
        var response = Response.status(e.status())
                .entity(e.problem(path, Trace.of(request).traceId()))
                .type(Problem.MEDIA_TYPE);
        if (e.status() == 401) response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        if (e.status() == 503) response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return response.build();
    }
}
