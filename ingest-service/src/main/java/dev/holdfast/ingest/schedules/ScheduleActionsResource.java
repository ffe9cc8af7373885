package dev.holdfast.ingest.schedules;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Trace;
import dev.holdfast.ingest.jobs.IdempotencyKey;
import dev.holdfast.ingest.jobs.JobView;
import dev.holdfast.ingest.jobs.Submitter;
import dev.holdfast.ingest.quotas.TenantQuotas;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What its owner can do to a schedule: pause it, resume it, and run it now. */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "schedules")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "404", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class ScheduleActionsResource {

    private final OwnSchedules schedules;
    private final Firing firing;
    private final TenantQuotas quotas;
    private final InstantSource clock;

    ScheduleActionsResource(OwnSchedules schedules, Firing firing, TenantQuotas quotas, InstantSource clock) {
        this.schedules = schedules;
        this.firing = firing;
        this.quotas = quotas;
        this.clock = clock;
    }

    @POST
    @Path("/{id}/pause")
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "pauseSchedule", summary = "Let a schedule fire no more, until it is resumed")
    @APIResponse(responseCode = "200", description = "It is paused, or was")
    public ScheduleView pause(@PathParam("id") String id, @Context SecurityContext security) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return ScheduleView.of(schedules.change(
                Caller.of(security).tenant(), id, schedule -> schedule.isPaused() ? schedule : schedule.paused(now)));
    }

    @POST
    @Path("/{id}/resume")
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "resumeSchedule", summary = "Let a paused schedule fire again, from its next time on")
    @APIResponse(responseCode = "200", description = "It fires, or did")
    public ScheduleView resume(@PathParam("id") String id, @Context SecurityContext security) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return ScheduleView.of(schedules.change(
                Caller.of(security).tenant(), id, schedule -> schedule.isPaused() ? schedule.resumed(now) : schedule));
    }

    @POST
    @Path("/{id}/run")
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "runSchedule", summary = "Ask for the schedule's job now, beside its plan")
    @APIResponse(
            responseCode = "202",
            description = "The job is stored and queued; or a replay of one that is still open",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "200",
            description = "A replay of a job that has ended",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<JobView> run(
            @PathParam("id") String id,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            @Context SecurityContext security,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        var key = IdempotencyKey.parse(idempotencyKey);
        var schedule = schedules.find(Caller.of(security).tenant(), id);
        var ticket =
                quotas.admitJob(schedule.tenant(), () -> schedule.spec().job().length());
        Submitter.Promise promise;
        try (ticket) {
            promise = firing.run(schedule, key, Trace.of(request).traceparent());
            if (!promise.replayed()) ticket.use();
        }
        var job = promise.job();
        var status = job.state().isFinal() ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED;
        return RestResponse.ResponseBuilder.create(status, JobView.of(job))
                .header(HttpHeaders.LOCATION, JobView.path(job))
                .header("Idempotency-Replayed", promise.replayed())
                .build();
    }
}
