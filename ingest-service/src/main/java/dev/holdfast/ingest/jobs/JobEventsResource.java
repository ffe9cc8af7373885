package dev.holdfast.ingest.jobs;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.WaitingRoom;
import dev.holdfast.job.JobId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/jobs/{id}/events}: a job's steps as they happen. */
@Path("/v1")
@RunOnVirtualThread
@Tag(name = "jobs")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "404", ref = "problem")
@APIResponse(responseCode = "422", ref = "problem")
@APIResponse(responseCode = "429", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class JobEventsResource {

    private final JobReader jobs;
    private final WaitingRoom room;

    JobEventsResource(JobReader jobs, WaitingRoom room) {
        this.jobs = jobs;
        this.room = room;
    }

    @GET
    @Path("/jobs/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "streamJobEvents", summary = "A job's steps and its progress, until it has ended")
    @APIResponse(
            responseCode = "200",
            description = "Events state and progress; the last state brings the result or the error",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "204", description = "It has ended, and the client has all: do not come again")
    public Response events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context Request request,
            @Context SecurityContext security) {
        var tenant = Caller.of(security).tenant();
        var last = sequence(lastEventId);
        var job = JobId.parse(id)
                .flatMap(known -> jobs.find(tenant, known))
                .orElseThrow(() -> ProblemException.notFound("job " + id));
        if (job.state().isFinal() && JobEvents.after(last, job).isEmpty()) {
            return Response.noContent().build();
        }
        if (request.getMethod().equals(HttpMethod.HEAD)) { // nothing is written, so nobody would give a seat back
            return Response.ok().type(MediaType.SERVER_SENT_EVENTS).build();
        }
        return Response.ok(new EventStream(jobs, job, last, room.enter(tenant)))
                .header("X-Accel-Buffering", "no") // nginx would keep events until it has some kilobytes of them
                .build();
    }

    private static long sequence(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isEmpty()) return 0;
        if (lastEventId.matches("[0-9]{1,15}")) return Long.parseLong(lastEventId);
        throw ProblemException.unprocessable(
                "invalid-parameter", "A header is not valid", "Last-Event-ID must be the id of an event of this job.");
    }
}
