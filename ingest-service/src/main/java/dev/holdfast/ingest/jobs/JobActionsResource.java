package dev.holdfast.ingest.jobs;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.run.Announcer;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobControl;
import dev.holdfast.table.JobControl.Cancellation;
import dev.holdfast.table.JobControl.Retrial;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What its owner can do to a job: cancel it, and retry it. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "jobs")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "404", ref = "problem")
@APIResponse(responseCode = "409", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class JobActionsResource {

    private final JobReader jobs;
    private final JobControl control;
    private final JobQueues queues;
    private final Announcer announcer;

    JobActionsResource(JobReader jobs, JobControl control, JobQueues queues, Announcer announcer) {
        this.jobs = jobs;
        this.control = control;
        this.queues = queues;
        this.announcer = announcer;
    }

    @POST
    @Path("/jobs/{id}/cancel")
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "cancelJob", summary = "Stop a job that has not ended")
    @APIResponse(
            responseCode = "200",
            description = "It waited, and is cancelled",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "202",
            description = "It runs, and stops at its next heartbeat or effect",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    public RestResponse<JobView> cancel(@PathParam("id") String id, @Context SecurityContext security)
            throws InterruptedException {
        return switch (control.cancel(own(id, security)).orElseThrow(() -> notFound(id))) {
            case Cancellation.Done(var job) -> {
                announcer.tell(job);
                yield RestResponse.ok(JobView.of(job));
            }
            case Cancellation.Requested(var job) -> accepted(job);
            case Cancellation.TooLate(var job) ->
                throw ProblemException.conflict("The job has ended: it is " + job.state() + ".");
        };
    }

    @POST
    @Path("/jobs/{id}/retry")
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "retryJob", summary = "Try a failed job again, with all its attempts before it")
    @APIResponse(
            responseCode = "202",
            description = "It is queued again, under the same id",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    public RestResponse<JobView> retry(@PathParam("id") String id, @Context SecurityContext security)
            throws InterruptedException {
        return switch (control.retry(own(id, security)).orElseThrow(() -> notFound(id))) {
            case Retrial.Queued(var job) -> {
                queues.enqueue(job, Duration.ZERO);
                yield accepted(job);
            }
            case Retrial.Refused(var job, var reason) -> throw ProblemException.conflict(reason);
        };
    }

    /** The id of a job of the caller's tenant; a problem 404 when it has none of that id. */
    private JobId own(String id, SecurityContext security) {
        return JobId.parse(id)
                .flatMap(known -> jobs.find(Caller.of(security).tenant(), known))
                .map(Job::id)
                .orElseThrow(() -> notFound(id));
    }

    private static ProblemException notFound(String id) {
        return ProblemException.notFound("job " + id);
    }

    private static RestResponse<JobView> accepted(Job job) {
        return RestResponse.status(RestResponse.Status.ACCEPTED, JobView.of(job));
    }
}
