package dev.holdfast.ingest.repositories;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.catalog.Snapshot;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/repositories}: the snapshots that repositories hold. */
@Path("/v1/repositories/{name}/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "repositories")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class RepositoriesResource {

    private static final int PAGE = 100;

    private final Catalog catalog;

    RepositoriesResource(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Snapshots, newest first. */
    record SnapshotList(List<Snapshot> items) {}

    @GET
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listSnapshots", summary = "The newest 100 snapshots of a repository")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public SnapshotList list(@PathParam("name") String name, @Context SecurityContext security) {
        return new SnapshotList(catalog.snapshots(owner(name, security), name, PAGE));
    }

    @GET
    @Path("/{id}")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getSnapshot", summary = "Show a snapshot by its id, a unique prefix of it, or latest")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public Snapshot show(
            @PathParam("name") String name, @PathParam("id") String id, @Context SecurityContext security) {
        var matching = catalog.matching(owner(name, security), name, id);
        if (matching.size() == 1) return matching.getFirst();
        throw ProblemException.notFound("one snapshot " + id + " in repository " + name);
    }

    /** The caller's tenant, if it has such a repository. */
    private String owner(String repository, SecurityContext security) {
        var tenant = Caller.of(security).tenant();
        if (!catalog.hasRepository(tenant, repository)) throw ProblemException.notFound("repository " + repository);
        return tenant;
    }
}
