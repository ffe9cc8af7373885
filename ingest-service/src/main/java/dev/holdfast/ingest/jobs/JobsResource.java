package dev.holdfast.ingest.jobs;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.Trace;
import dev.holdfast.ingest.http.WaitingRoom;
import dev.holdfast.ingest.quotas.TenantQuotas;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/jobs}: take a job in, show how it stands, list. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "jobs")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class JobsResource {

    private static final String REPLAYED = "Idempotency-Replayed";

    private final SubmitReader reader;
    private final Submitter submitter;
    private final TenantQuotas quotas;
    private final JobBatch batch;
    private final JobReader jobs;
    private final JobLister lister;
    private final WaitingRoom room;
    private final JobTypes types;

    JobsResource(
            SubmitReader reader,
            Submitter submitter,
            TenantQuotas quotas,
            JobBatch batch,
            JobReader jobs,
            JobLister lister,
            WaitingRoom room,
            JobTypes types) {
        this.reader = reader;
        this.submitter = submitter;
        this.quotas = quotas;
        this.batch = batch;
        this.jobs = jobs;
        this.lister = lister;
        this.room = room;
        this.types = types;
    }

    @POST
    @Path("/jobs")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "submitJob", summary = "Take a job in")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = SubmitRequest.class)))
    @APIResponse(
            responseCode = "202",
            description = "Stored and queued; or a replay of a job that is still open",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "200",
            description = "A replay of a job that has ended",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<JobView> submit(
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            InputStream body,
            @Context SecurityContext security,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        var key = IdempotencyKey.parse(idempotencyKey);
        var json = Body.read(body);
        var spec = reader.read(json, "");
        var hash = SubmitReader.hash(json);
        var tenant = Caller.of(security).tenant();
        var ticket = quotas.admitJob(tenant, () -> SubmitReader.size(json));
        Submitter.Promise promise;
        try (ticket) {
            promise =
                    submitter.submit(tenant, key, spec, hash, Trace.of(request).traceparent());
            if (!promise.replayed()) ticket.use();
        }
        var job = promise.job();
        var status = job.state().isFinal() ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED;
        return RestResponse.ResponseBuilder.create(status, JobView.of(job))
                .header(HttpHeaders.LOCATION, JobView.path(job))
                .header(REPLAYED, promise.replayed())
                .build();
    }

    @POST
    @Path("/jobs/batch")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "submitJobs", summary = "Take up to 100 jobs in, each by itself")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = JobBatch.BatchRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "What came of each job, in their order",
            content = @Content(schema = @Schema(implementation = JobBatch.BatchAnswer.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public JobBatch.BatchAnswer submitBatch(
            InputStream body,
            @Context SecurityContext security,
            @Context UriInfo uri,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        return batch.submit(Caller.of(security).tenant(), Body.read(body), uri.getPath(), Trace.of(request));
    }

    @GET
    @Path("/jobs")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listJobs", summary = "Jobs, newest first")
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            description = "Any of these",
            schema = @Schema(type = SchemaType.ARRAY, implementation = JobState.class))
    @Parameter(
            name = "type",
            in = ParameterIn.QUERY,
            description = "Any of these",
            schema = @Schema(type = SchemaType.ARRAY, implementation = String.class))
    @Parameter(
            name = "label",
            in = ParameterIn.QUERY,
            description = "All of these, each as name:value",
            schema = @Schema(type = SchemaType.ARRAY, implementation = String.class))
    @Parameter(name = "since", in = ParameterIn.QUERY, schema = @Schema(implementation = Instant.class))
    @Parameter(name = "until", in = ParameterIn.QUERY, schema = @Schema(implementation = Instant.class))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, schema = @Schema(implementation = String.class))
    @APIResponse(
            responseCode = "200",
            description = "A page; nextCursor asks for the next",
            content = @Content(schema = @Schema(implementation = JobLister.JobList.class)))
    @APIResponse(responseCode = "422", ref = "problem")
    public JobLister.JobList list(@Context UriInfo uri, @Context SecurityContext security) {
        return lister.list(Caller.of(security).tenant(), JobQuery.parse(uri.getQueryParameters()));
    }

    @GET
    @Path("/jobs/{id}")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getJob", summary = "Show a job; with wait, as soon as it has ended")
    @APIResponse(
            responseCode = "200",
            description = "The job as it stands",
            content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(responseCode = "304", description = "It stands as the ETag says")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    @APIResponse(responseCode = "429", ref = "problem")
    public RestResponse<JobView> show(
            @PathParam("id") String id,
            @QueryParam("wait") @Nullable String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @Context SecurityContext security)
            throws InterruptedException {
        var tenant = Caller.of(security).tenant();
        var limit = WaitLimit.parse(wait);
        var job = JobId.parse(id)
                .flatMap(known -> jobs.find(tenant, known))
                .orElseThrow(() -> ProblemException.notFound("job " + id));
        if (!limit.isZero() && !job.state().isFinal()) {
            var seat = room.enter(tenant);
            try (seat) {
                job = jobs.awaitEnd(job, limit);
            }
        }
        var etag = JobVersion.of(job).etag();
        var response = etag.equals(ifNoneMatch)
                ? RestResponse.ResponseBuilder.<JobView>create(RestResponse.Status.NOT_MODIFIED)
                : RestResponse.ResponseBuilder.ok(JobView.of(job));
        return response.header(HttpHeaders.ETAG, etag).build();
    }

    @GET
    @Path("/job-types")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listJobTypes", summary = "Every kind of job, with the schemas of payload and result")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(type = SchemaType.ARRAY, implementation = JobTypes.JobTypeView.class)))
    public List<JobTypes.JobTypeView> types() {
        return types.all();
    }
}
