package dev.holdfast.ingest.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.deadletters.Redriver.Redriven;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.QueryParameter;
import dev.holdfast.ingest.http.Trace;
import dev.holdfast.ingest.schema.RecordSchema;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/dead-letters}: what nobody could handle, and sending it again. */
@Path("/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "dead letters")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "422", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class DeadLettersResource {

    private final DeadLetters letters;
    private final JobRecords jobs;
    private final Redriver redriver;
    private final RecordSchema<RedriveRequest> schema = new RecordSchema<>(RedriveRequest.class);

    DeadLettersResource(DeadLetters letters, JobRecords jobs, Redriver redriver) {
        this.letters = letters;
        this.jobs = jobs;
        this.redriver = redriver;
    }

    /** Dead letters, newest first; {@code nextCursor} when there are more. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record DeadLetterList(List<DeadLetterView> items, Optional<String> nextCursor) {}

    @GET
    @Needs(Scope.ADMIN)
    @Operation(operationId = "listDeadLetters", summary = "The dead letters of a lane, newest first, with their jobs")
    @APIResponse(responseCode = "200")
    public DeadLetterList list(
            @Parameter(required = true, schema = @Schema(implementation = Origin.class)) @QueryParam("lane") @Nullable
                    String lane,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        var request = PageRequest.parse(lane, limit, cursor);
        var tenant = Caller.of(security).tenant();
        var page = letters.newest(request.lane(), tenant, request.below(), request.limit());
        return new DeadLetterList(views(page.letters(), tenant), page.next().map(QueryParameter::cursor));
    }

    /** A letter may name a job of another tenant: that is not shown. */
    private List<DeadLetterView> views(List<DeadLetter> page, String tenant) {
        var named = jobs.find(
                page.stream().flatMap(letter -> letter.subject().job().stream()).toList());
        return page.stream()
                .map(letter -> DeadLetterView.of(
                        letter,
                        letter.subject()
                                .job()
                                .flatMap(id -> Optional.ofNullable(named.get(id)))
                                .filter(job -> job.tenant().equals(tenant))))
                .toList();
    }

    @POST
    @Path("/redrive")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "redriveDeadLetters",
            summary =
                    "Send dead letters to their queue again, for 20 seconds by default; repeat while there are remaining")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RedriveRequest.class)))
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    public Redriven redrive(
            InputStream body, @Context SecurityContext security, @Context ContainerRequestContext request)
            throws InterruptedException {
        return redriver.redrive(
                Caller.of(security),
                schema.read(Body.read(body)),
                Trace.of(request).traceparent());
    }
}
