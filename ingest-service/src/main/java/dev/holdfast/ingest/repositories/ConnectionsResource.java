package dev.holdfast.ingest.repositories;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.Problem.FieldError;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.repositories.Connection;
import dev.holdfast.repositories.ConnectionTable;
import dev.holdfast.repositories.RepositoryTable;
import dev.holdfast.repositories.Secrets;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code /v1/connections}: named S3-compatible endpoints and databases. Secrets are named, never sent and never shown.
 */
@Path("/v1/connections")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "connections")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class ConnectionsResource {

    private final RecordSchema<ConnectionRequest> schema = new RecordSchema<>(ConnectionRequest.class);
    private final ConnectionTable table;
    private final RepositoryTable repositories;
    private final Secrets secrets;
    private final InstantSource clock;

    ConnectionsResource(ConnectionTable table, RepositoryTable repositories, Secrets secrets, InstantSource clock) {
        this.table = table;
        this.repositories = repositories;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * A connection as clients see it: where its secrets are is left out. A database has no region, bucket and path
     * style, and S3 no SSL mode.
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ConnectionView(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) URI endpoint,
            Optional<String> region,
            Optional<String> bucket,
            Optional<Boolean> pathStyle,
            Optional<String> sslMode,
            @JsonProperty(required = true) Instant createdAt) {

        static ConnectionView of(Connection connection) {
            var s3 = Optional.of(connection).filter(it -> !it.ofDatabase());
            return new ConnectionView(
                    connection.name(),
                    connection.endpoint(),
                    s3.map(Connection::region),
                    connection.bucket(),
                    s3.map(Connection::pathStyle),
                    s3.isPresent() ? Optional.empty() : Optional.of(connection.tls()),
                    connection.createdAt());
        }
    }

    /** Connections by name. */
    record ConnectionList(List<ConnectionView> items) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(operationId = "createConnection", summary = "Name an S3-compatible endpoint or a PostgreSQL database")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ConnectionRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "It can be used",
            content = @Content(schema = @Schema(implementation = ConnectionView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<ConnectionView> create(InputStream body, @Context SecurityContext security) {
        var connection = read(Body.read(body), Caller.of(security).tenant());
        if (!table.add(connection)) {
            throw ProblemException.nameTaken("There is a connection " + connection.name() + "; change it by PUT.");
        }
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, ConnectionView.of(connection))
                .header(HttpHeaders.LOCATION, "/v1/connections/" + connection.name())
                .build();
    }

    @GET
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listConnections", summary = "The connections, by name")
    @APIResponse(responseCode = "200")
    public ConnectionList list(@Context SecurityContext security) {
        var all = table.list(Caller.of(security).tenant());
        return new ConnectionList(all.stream().map(ConnectionView::of).toList());
    }

    @GET
    @Path("/{name}")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getConnection", summary = "Show a connection")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public ConnectionView show(@PathParam("name") String name, @Context SecurityContext security) {
        return ConnectionView.of(find(name, security));
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(operationId = "replaceConnection", summary = "Give a connection another endpoint or other secrets")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ConnectionRequest.class)))
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public ConnectionView replace(@PathParam("name") String name, InputStream body, @Context SecurityContext security) {
        var wanted = read(Body.read(body), Caller.of(security).tenant());
        find(name, security);
        if (!wanted.name().equals(name)) throw ProblemException.invalid("/name", "a connection keeps its name");
        if (!table.replace(wanted)) throw ProblemException.notFound("connection " + name);
        return ConnectionView.of(wanted);
    }

    @DELETE
    @Path("/{name}")
    @Needs(Scope.ADMIN)
    @Operation(operationId = "deleteConnection", summary = "Forget a connection that no repository lies on")
    @APIResponse(responseCode = "204", description = "It is gone, and its name is free")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    public void delete(@PathParam("name") String name, @Context SecurityContext security) {
        var connection = find(name, security);
        var used = repositories.list(connection.tenant()).stream()
                .filter(repository -> repository.connection().equals(Optional.of(name)))
                .findFirst();
        if (used.isPresent()) {
            throw ProblemException.conflict("Repository " + used.get().name() + " lies on it.");
        }
        table.delete(connection.tenant(), name);
    }

    private Connection find(String name, SecurityContext security) {
        return table.find(Caller.of(security).tenant(), name)
                .orElseThrow(() -> ProblemException.notFound("connection " + name));
    }

    private Connection read(JsonNode json, String tenant) {
        var request = schema.read(json);
        var faults = new ArrayList<FieldError>();
        var endpoint = URI.create(request.endpoint().replaceFirst("/$", ""));
        if (endpoint.getHost() == null || !secrets.allowsEndpoint(endpoint)) {
            faults.add(new FieldError("/endpoint", "is not among those that the operator allows"));
        }
        checkKind(request, faults);
        checkSecret(tenant, request.accessKey(), "/accessKey", faults);
        checkSecret(tenant, request.secretKey(), "/secretKey", faults);
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        return new Connection(
                tenant,
                request.name(),
                endpoint,
                request.region().orElse("us-east-1"),
                request.bucket(),
                request.pathStyle().orElse(true),
                request.accessKey(),
                request.secretKey(),
                request.sslMode(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** What is of the one kind says nothing of the other. */
    private static void checkKind(ConnectionRequest request, List<FieldError> faults) {
        var database = request.endpoint().startsWith("postgresql:");
        Map<String, Optional<?>> others = database
                ? Map.of("/region", request.region(), "/bucket", request.bucket(), "/pathStyle", request.pathStyle())
                : Map.of("/sslMode", request.sslMode());
        others.forEach((pointer, value) -> {
            if (value.isPresent()) {
                faults.add(new FieldError(pointer, "is of " + (database ? "S3" : "databases") + " alone"));
            }
        });
    }

    private void checkSecret(String tenant, String reference, String pointer, List<FieldError> faults) {
        if (secrets.find(tenant, reference).isEmpty()) {
            faults.add(new FieldError(pointer, "names no secret that the operator keeps for this tenant"));
        }
    }
}
