package dev.holdfast.ingest.jobs;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.job.JobId;
import dev.holdfast.repositories.JobLogs;
import dev.holdfast.repositories.KeyUnavailableException;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.S3Clients.UnusableConnectionException;
import dev.holdfast.repositories.StoredRepository;
import dev.holdfast.restic.format.ResticException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/jobs/{id}/log}: what the runs of a job in a repository did. */
@Path("/v1")
@RunOnVirtualThread
@Tag(name = "jobs")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "404", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class JobLogResource {

    private static final String LINES = "application/x-ndjson";

    /** Logs that are read at the same time: each may take some dozen MiB. */
    private static final int AT_ONCE = 2;

    private static final long PATIENCE_SECONDS = 10;

    private final JobReader jobs;
    private final Repositories repositories;
    private final Semaphore room = new Semaphore(AT_ONCE);

    JobLogResource(JobReader jobs, Repositories repositories) {
        this.jobs = jobs;
        this.repositories = repositories;
    }

    @GET
    @Path("/jobs/{id}/log")
    @Produces(LINES)
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getJobLog", summary = "What the runs of a job in a repository did, parts and all")
    @APIResponse(
            responseCode = "200",
            description = "A line of JSON for each event, in the order of time",
            content = @Content(mediaType = LINES, schema = @Schema(implementation = String.class)))
    public String log(@PathParam("id") String id, @Context SecurityContext security) throws InterruptedException {
        var tenant = Caller.of(security).tenant();
        var job = JobId.parse(id)
                .flatMap(known -> jobs.find(tenant, known))
                .orElseThrow(() -> ProblemException.notFound("job " + id));
        var place = LogPlace.of(job)
                .orElseThrow(() ->
                        ProblemException.notFound("log of job " + id + ": it has not begun, or its kind has none"));
        var repository = repositories
                .find(tenant, place.repository())
                .orElseThrow(() -> ProblemException.notFound("repository " + place.repository() + " any more"));
        if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw ProblemException.unavailable("Others read logs at this moment.");
        }
        try {
            return text(id, read(repository, place));
        } finally {
            room.release();
        }
    }

    private JobLogs.Found read(StoredRepository stored, LogPlace place) {
        try {
            return JobLogs.read(repositories.storage(stored), repositories.open(stored), place.root(), place.part());
        } catch (KeyUnavailableException | UnusableConnectionException | ResticException unusable) {
            throw ProblemException.unavailable("The repository cannot be read: " + unusable.getMessage() + ".");
        }
    }

    private static String text(String id, JobLogs.Found found) {
        if (found.logs() == 0) {
            throw ProblemException.notFound("log of job " + id + " yet, or any more");
        }
        var text = new StringBuilder();
        for (var line : found.lines()) text.append(line).append('\n');
        if (found.left() > 0) {
            text.append("{\"level\":\"warn\",\"event\":\"logs left out\",\"logs\":%d}\n".formatted(found.left()));
        }
        return text.toString();
    }
}
