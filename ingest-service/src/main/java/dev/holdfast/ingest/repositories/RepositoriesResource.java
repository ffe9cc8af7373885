package dev.holdfast.ingest.repositories;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.repositories.CheckTable;
import dev.holdfast.repositories.CheckTable.Kind;
import dev.holdfast.repositories.Connection;
import dev.holdfast.repositories.KeyUnavailableException;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.Repositories.Creation;
import dev.holdfast.repositories.RepositoryTable;
import dev.holdfast.repositories.S3Clients.UnusableConnectionException;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.format.ResticException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/repositories}: makes repositories, and shows them. */
@Path("/v1/repositories")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "repositories")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class RepositoriesResource {

    private final RecordSchema<RepositoryRequest> schema = new RecordSchema<>(RepositoryRequest.class);
    private final Repositories repositories;
    private final RepositoryTable table;
    private final SnapshotTable snapshots;
    private final CheckTable checks;

    RepositoriesResource(Repositories repositories, RepositoryTable table, SnapshotTable snapshots, CheckTable checks) {
        this.checks = checks;
        this.repositories = repositories;
        this.table = table;
        this.snapshots = snapshots;
    }

    /** Repositories by name. */
    record RepositoryList(List<RepositoryView> items) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "createRepository",
            summary = "Make a repository that restic opens; its recovery password is told this once")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RepositoryRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "It is made",
            content = @Content(schema = @Schema(implementation = RepositoryView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<RepositoryView> create(InputStream body, @Context SecurityContext security) {
        var request = schema.read(Body.read(body));
        var tenant = Caller.of(security).tenant();
        var connection = request.connection().map(name -> connection(tenant, name));
        var password = repositories.newPassword();
        return switch (create(tenant, request, connection, password)) {
            case Creation.Made(var made) ->
                RestResponse.ResponseBuilder.create(
                                RestResponse.Status.CREATED,
                                RepositoryView.made(made, repositories.resticUrl(made), password))
                        .header(HttpHeaders.LOCATION, "/v1/repositories/" + made.name())
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
            case Creation.NameTaken() ->
                throw ProblemException.nameTaken("There is a repository " + request.name() + ", or it is being made.");
            case Creation.PlaceTaken() ->
                throw ProblemException.nameTaken("There is a repository at that place already; give another prefix.");
        };
    }

    private Connection connection(String tenant, String name) {
        var connection = repositories
                .connection(tenant, name)
                .orElseThrow(() -> ProblemException.invalid("/connection", "there is no connection " + name));
        if (connection.bucket().isEmpty()) {
            throw ProblemException.invalid("/connection", "connection " + name + " has no bucket for repositories");
        }
        return connection;
    }

    private Creation create(
            String tenant, RepositoryRequest request, Optional<Connection> connection, String password) {
        var prefix = request.prefix().orElse(request.name());
        try {
            return repositories.create(tenant, request.name(), connection, prefix, password);
        } catch (KeyUnavailableException noKey) {
            throw ProblemException.unavailable(noKey.getMessage() + ".");
        } catch (UnusableConnectionException noWay) {
            throw ProblemException.invalid("/connection", String.valueOf(noWay.getMessage()));
        } catch (ResticException.StorageFailed unreachable) {
            throw ProblemException.unavailable("The bucket cannot be written to: " + unreachable.getMessage() + ".");
        }
    }

    @GET
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listRepositories", summary = "The repositories, by name")
    @APIResponse(responseCode = "200")
    public RepositoryList list(@Context SecurityContext security) {
        var all = table.list(Caller.of(security).tenant());
        return new RepositoryList(all.stream()
                .map(repository -> RepositoryView.listed(repository, repositories.resticUrl(repository)))
                .toList());
    }

    @GET
    @Path("/{name}")
    @Needs(Scope.JOBS_READ)
    @Operation(
            operationId = "getRepository",
            summary = "Show a repository with what its backups took in it, and how it was checked")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public RepositoryView show(@PathParam("name") String name, @Context SecurityContext security) {
        var tenant = Caller.of(security).tenant();
        var repository = table.find(tenant, name).orElseThrow(() -> ProblemException.notFound("repository " + name));
        return RepositoryView.shown(
                repository,
                repositories.resticUrl(repository),
                snapshots.list(tenant, name, Integer.MAX_VALUE),
                checks.last(tenant, name, Kind.CHECK),
                checks.last(tenant, name, Kind.DRILL));
    }
}
