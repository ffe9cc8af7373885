package dev.holdfast.ingest.schedules;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.jobs.SubmitReader;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/schedules}: jobs that are asked for again and again. */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "schedules")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class SchedulesResource {

    private static final String REPLAYED = "Idempotency-Replayed";

    private final ScheduleReader reader;
    private final ScheduleTable table;
    private final OwnSchedules schedules;
    private final InstantSource clock;

    SchedulesResource(ScheduleReader reader, ScheduleTable table, OwnSchedules schedules, InstantSource clock) {
        this.reader = reader;
        this.table = table;
        this.schedules = schedules;
        this.clock = clock;
    }

    /** Schedules, newest first. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ScheduleList(List<ScheduleView> items, Optional<String> nextCursor) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "createSchedule", summary = "Ask for a job again and again; its name is its key")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ScheduleRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "It fires from now on",
            content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    @APIResponse(
            responseCode = "200",
            description = "A replay: there is a schedule of that name which was asked for in the same words",
            content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<ScheduleView> create(InputStream body, @Context SecurityContext security) {
        var json = Body.read(body);
        var asked = Schedule.create(Caller.of(security).tenant(), reader.read(json), SubmitReader.hash(json), now());
        var present = table.add(asked);
        if (present.isEmpty()) return answer(RestResponse.Status.CREATED, asked, false);
        if (present.get().requestHash().equals(asked.requestHash())) {
            return answer(RestResponse.Status.OK, present.get(), true);
        }
        throw ProblemException.nameTaken("There is another schedule of that name, %s; change it by PUT %s."
                .formatted(present.get().id(), ScheduleView.path(present.get())));
    }

    private static RestResponse<ScheduleView> answer(RestResponse.Status status, Schedule schedule, boolean replayed) {
        return RestResponse.ResponseBuilder.create(status, ScheduleView.of(schedule))
                .header(HttpHeaders.LOCATION, ScheduleView.path(schedule))
                .header(REPLAYED, replayed)
                .build();
    }

    @GET
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listSchedules", summary = "The schedules, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "422", ref = "problem")
    public ScheduleList list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        var page = table.newest(Caller.of(security).tenant(), ListRequest.parse(limit, cursor));
        return new ScheduleList(
                page.schedules().stream().map(ScheduleView::of).toList(),
                page.next().map(ListRequest.Position::cursor));
    }

    @GET
    @Path("/{id}")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getSchedule", summary = "Show a schedule and its next five times")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public ScheduleView show(@PathParam("id") String id, @Context SecurityContext security) {
        return ScheduleView.of(schedules.find(Caller.of(security).tenant(), id));
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.JOBS_WRITE)
    @Operation(
            operationId = "replaceSchedule",
            summary = "Give a schedule another task; its times begin anew only if they change")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ScheduleRequest.class)))
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public ScheduleView replace(@PathParam("id") String id, InputStream body, @Context SecurityContext security) {
        var tenant = Caller.of(security).tenant();
        var name = schedules.find(tenant, id).spec().name();
        var json = Body.read(body);
        var spec = reader.read(json);
        if (!spec.name().equals(name)) {
            throw ProblemException.invalid(
                    "/name", "a schedule keeps its name, '" + name + "'; make a new one instead");
        }
        var hash = SubmitReader.hash(json);
        return ScheduleView.of(schedules.change(tenant, id, schedule -> schedule.replaced(spec, hash, now())));
    }

    @DELETE
    @Path("/{id}")
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "deleteSchedule", summary = "End a schedule; its jobs go on")
    @APIResponse(responseCode = "204", description = "It is gone, and its name is free")
    @APIResponse(responseCode = "404", ref = "problem")
    public void delete(@PathParam("id") String id, @Context SecurityContext security) {
        var schedule = schedules.find(Caller.of(security).tenant(), id);
        if (!table.delete(schedule.id())) throw ProblemException.notFound("schedule " + id);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
