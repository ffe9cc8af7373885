package dev.holdfast.ingest.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.ApiKey;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Keys;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Reach;
import dev.holdfast.ingest.access.Recorded;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.QueryParameter;
import dev.holdfast.ingest.schema.RecordSchema;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/admin/keys}: API keys of the caller's tenant; for the operator, of any. */
@Path("/v1/admin/keys")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "admin")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class KeysResource {

    private static final Pattern POSITION = Pattern.compile("\\d{13}#hf_[a-z0-9]{8}");
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);

    private final Keys keys;
    private final Reach reach;
    private final Recorded recorded;
    private final InstantSource clock;
    private final RecordSchema<KeyRequest> keySchema = new RecordSchema<>(KeyRequest.class);
    private final RecordSchema<Rotation> rotationSchema = new RecordSchema<>(Rotation.class);

    KeysResource(Keys keys, Reach reach, Recorded recorded, InstantSource clock) {
        this.keys = keys;
        this.reach = reach;
        this.recorded = recorded;
        this.clock = clock;
    }

    /** Keys, newest first; {@code nextCursor} when there are more. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record KeyList(List<KeyView> items, Optional<String> nextCursor) {}

    /**
     * A new key.
     *
     * @param apiKey the key itself, which is shown this once
     */
    record NewKeyView(String apiKey, KeyView key) {}

    /**
     * The body of a rotation.
     *
     * @param overlap how long the key before still works, 0 to 90 days; default a day
     */
    record Rotation(Optional<Duration> overlap) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(operationId = "createKey", summary = "Make a key; it is shown this once")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = KeyRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The key; nobody can show it again",
            content = @Content(schema = @Schema(implementation = NewKeyView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<NewKeyView> create(InputStream body, @Context SecurityContext security) {
        var caller = Caller.of(security);
        var request = keySchema.read(Body.read(body));
        var tenant = tenant(caller, request);
        if (request.expiresAt().filter(end -> !end.isAfter(clock.instant())).isPresent()) {
            throw ProblemException.invalid("/expiresAt", "must be in the future");
        }
        return created(recorded.act(
                caller,
                tenant,
                "keys.create",
                request.arguments(),
                () -> keys.create(tenant, request.name(), request.granted(), request.expiresAt()),
                made -> Map.of("key", made.key().id())));
    }

    private String tenant(Caller caller, KeyRequest request) {
        try {
            return reach.asked(caller, request.tenant().orElse(caller.tenant())).name();
        } catch (ProblemException notThere) {
            throw ProblemException.invalid("/tenant", "there is no such tenant");
        }
    }

    private RestResponse<NewKeyView> created(Keys.Created made) {
        return RestResponse.status(
                RestResponse.Status.CREATED, new NewKeyView(made.secret().text(), view(made.key())));
    }

    @GET
    @Needs(Scope.ADMIN)
    @Operation(operationId = "listKeys", summary = "A tenant's keys, newest first, without their secrets")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public KeyList list(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        var most = QueryParameter.limit(limit);
        var below = QueryParameter.place(cursor, POSITION);
        var page = keys.newest(reach.asked(Caller.of(security), tenant).name(), below, most);
        return new KeyList(
                page.keys().stream().map(this::view).toList(), page.next().map(QueryParameter::cursor));
    }

    @POST
    @Path("/{id}/revoke")
    @Needs(Scope.ADMIN)
    @Operation(operationId = "revokeKey", summary = "End a key, everywhere within 30 seconds")
    @APIResponse(responseCode = "200", description = "It is revoked, or was")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    public KeyView revoke(@PathParam("id") String id, @Context SecurityContext security) {
        var caller = Caller.of(security);
        var key = find(caller, id);
        if (key.id().equals(caller.keyPrefix())) {
            throw ProblemException.conflict("This very key makes the request; rotate it, or revoke it with another.");
        }
        return recorded.act(
                caller,
                key.tenant(),
                "keys.revoke",
                Map.of("key", id),
                () -> view(keys.revoke(key)),
                view -> Map.of("state", view.state().name()));
    }

    @POST
    @Path("/{id}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "rotateKey",
            summary = "Make a key in the place of another, which still works for the overlap")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Rotation.class)))
    @APIResponse(
            responseCode = "201",
            description = "The new key; nobody can show it again",
            content = @Content(schema = @Schema(implementation = NewKeyView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<NewKeyView> rotate(
            @PathParam("id") String id, InputStream body, @Context SecurityContext security) {
        var caller = Caller.of(security);
        var key = find(caller, id);
        var overlap = rotationSchema.read(Body.read(body)).overlap().orElse(Duration.ofDays(1));
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw ProblemException.invalid("/overlap", "must be 0 to 90 days, such as PT24H");
        }
        if (key.state(clock.instant()) != ApiKey.State.ACTIVE) throw ended(id);
        return created(recorded.act(
                caller,
                key.tenant(),
                "keys.rotate",
                Map.of("key", id, "overlap", overlap.toString()),
                () -> keys.rotate(key, overlap).orElseThrow(() -> ended(id)),
                made -> Map.of("key", made.key().id())));
    }

    private static ProblemException ended(String id) {
        return ProblemException.conflict("The key " + id + " has ended; create another.");
    }

    private ApiKey find(Caller caller, String id) {
        return keys.find(id)
                .filter(key -> reach.isOperator(caller) || key.tenant().equals(caller.tenant()))
                .orElseThrow(() -> ProblemException.notFound("key " + id));
    }

    private KeyView view(ApiKey key) {
        return KeyView.of(key, clock.instant());
    }
}
