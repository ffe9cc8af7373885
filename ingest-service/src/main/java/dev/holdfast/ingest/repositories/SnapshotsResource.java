package dev.holdfast.ingest.repositories;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.QueryParameter;
import dev.holdfast.repositories.KeyUnavailableException;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.S3Clients.UnusableConnectionException;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.repositories.StoredRepository;
import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.format.ResticException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/repositories/{name}/snapshots}: what repositories hold. */
@Path("/v1/repositories/{name}/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "repositories")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "404", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class SnapshotsResource {

    private static final int PAGE = 100;

    private final Repositories repositories;
    private final SnapshotTable snapshots;
    private final SnapshotFiles files;

    SnapshotsResource(Repositories repositories, SnapshotTable snapshots, SnapshotFiles files) {
        this.repositories = repositories;
        this.snapshots = snapshots;
        this.files = files;
    }

    /** Snapshots, newest first. */
    record SnapshotList(List<Snapshot> items) {}

    @GET
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listSnapshots", summary = "The newest 100 snapshots of a repository")
    @APIResponse(responseCode = "200")
    public SnapshotList list(@PathParam("name") String name, @Context SecurityContext security) {
        var repository = repository(name, security);
        return new SnapshotList(snapshots.list(repository.tenant(), name, PAGE));
    }

    @GET
    @Path("/{id}")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getSnapshot", summary = "Show a snapshot by its id, a unique prefix of it, or latest")
    @APIResponse(responseCode = "200")
    public Snapshot show(
            @PathParam("name") String name, @PathParam("id") String id, @Context SecurityContext security) {
        return snapshot(repository(name, security), id);
    }

    @GET
    @Path("/{id}/files")
    @Needs(Scope.JOBS_READ)
    @Operation(
            operationId = "listFiles",
            summary = "The entries of a directory of a snapshot; or, with a name, all entries below it of that name")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "422", ref = "problem")
    public FileList files(
            @PathParam("name") String name,
            @PathParam("id") String id,
            @QueryParam("path") @Nullable String path,
            @QueryParam("find") @Nullable String find,
            @QueryParam("limit") @Nullable String limit,
            @Context SecurityContext security) {
        var most = QueryParameter.limit(limit);
        var repository = repository(name, security);
        var snapshot = snapshot(repository, id);
        var wanted = new SnapshotFiles.Wanted(directory(path), Optional.ofNullable(find), most);
        return files(repository, snapshot, wanted)
                .orElseThrow(() -> ProblemException.notFound("directory " + wanted.directory() + " in snapshot " + id));
    }

    private static NodePath directory(@Nullable String path) {
        try {
            return path == null ? NodePath.ROOT : NodePath.of(path);
        } catch (IllegalArgumentException dots) {
            throw QueryParameter.invalid("path must be a path of names, without '.' and '..'.");
        }
    }

    private Optional<FileList> files(StoredRepository repository, Snapshot snapshot, SnapshotFiles.Wanted wanted) {
        try {
            return files.of(repository, snapshot, wanted);
        } catch (ResticException.Missing gone) {
            throw ProblemException.notFound("such snapshot any more: " + gone.getMessage());
        } catch (KeyUnavailableException | UnusableConnectionException | ResticException unusable) {
            throw ProblemException.unavailable("The repository cannot be read: " + unusable.getMessage() + ".");
        }
    }

    private Snapshot snapshot(StoredRepository repository, String id) {
        var matching = snapshots.matching(repository.tenant(), repository.name(), id);
        if (matching.size() == 1) return matching.getFirst();
        throw ProblemException.notFound("one snapshot " + id + " in repository " + repository.name());
    }

    /** The caller's repository of that name. */
    private StoredRepository repository(String name, SecurityContext security) {
        return repositories
                .find(Caller.of(security).tenant(), name)
                .orElseThrow(() -> ProblemException.notFound("repository " + name));
    }
}
