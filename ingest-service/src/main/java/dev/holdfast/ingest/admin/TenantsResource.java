package dev.holdfast.ingest.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Quotas;
import dev.holdfast.ingest.access.Reach;
import dev.holdfast.ingest.access.Recorded;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.access.Tenant;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.QueryParameter;
import dev.holdfast.ingest.quotas.TenantQuotas;
import dev.holdfast.ingest.schema.RecordSchema;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
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
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/admin/tenants}: who shares the installation, and how much each may ask for. */
@Path("/v1/admin/tenants")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "admin")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class TenantsResource {

    private static final Pattern NAME = Pattern.compile(Tenant.NAME);

    private final TenantTable tenants;
    private final TenantQuotas quotas;
    private final Reach reach;
    private final Recorded recorded;
    private final InstantSource clock;
    private final RecordSchema<TenantRequest> tenantSchema = new RecordSchema<>(TenantRequest.class);
    private final RecordSchema<Quotas> quotasSchema = new RecordSchema<>(Quotas.class);

    TenantsResource(TenantTable tenants, TenantQuotas quotas, Reach reach, Recorded recorded, InstantSource clock) {
        this.tenants = tenants;
        this.quotas = quotas;
        this.reach = reach;
        this.recorded = recorded;
        this.clock = clock;
    }

    /** Tenants, by their names; {@code nextCursor} when there are more. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record TenantList(List<TenantView> items, Optional<String> nextCursor) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(operationId = "createTenant", summary = "Add a tenant; only the operator may")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = TenantRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "It has no key yet",
            content = @Content(schema = @Schema(implementation = TenantView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<TenantView> create(InputStream body, @Context SecurityContext security) {
        var caller = Caller.of(security);
        reach.checkOperator(caller);
        var request = tenantSchema.read(Body.read(body));
        var tenant = new Tenant(
                request.name(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                Optional.empty(),
                request.quotas().orElse(Quotas.NONE));
        var view = act(caller, tenant.name(), "tenants.create", TenantRequest.arguments(tenant.quotas()), () -> {
            if (!tenants.add(tenant)) throw ProblemException.nameTaken("There is a tenant of that name.");
            return Optional.of(tenant);
        });
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, view)
                .header(HttpHeaders.LOCATION, "/v1/admin/tenants/" + tenant.name())
                .build();
    }

    @GET
    @Needs(Scope.ADMIN)
    @Operation(operationId = "listTenants", summary = "The tenants, by their names; for all but the operator their own")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "422", ref = "problem")
    public TenantList list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        var most = QueryParameter.limit(limit);
        var after = QueryParameter.place(cursor, NAME);
        var caller = Caller.of(security);
        if (!reach.isOperator(caller)) {
            return new TenantList(List.of(view(reach.tenant(caller, caller.tenant()))), Optional.empty());
        }
        var page = tenants.list(after, most);
        return new TenantList(
                page.tenants().stream().map(this::view).toList(), page.next().map(QueryParameter::cursor));
    }

    @GET
    @Path("/{tenant}")
    @Needs(Scope.ADMIN)
    @Operation(operationId = "getTenant", summary = "Show a tenant and its quotas")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public TenantView show(@PathParam("tenant") String tenant, @Context SecurityContext security) {
        return view(reach.tenant(Caller.of(security), tenant));
    }

    @PUT
    @Path("/{tenant}/quotas")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "setQuotas",
            summary = "Set a tenant's quotas; what is left out is as the configuration says. Only the operator may")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Quotas.class)))
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public TenantView setQuotas(
            @PathParam("tenant") String tenant, InputStream body, @Context SecurityContext security) {
        var caller = operatorOf(tenant, security);
        var wanted = quotasSchema.read(Body.read(body));
        return act(
                caller, tenant, "tenants.quotas", TenantRequest.arguments(wanted), () -> tenants.limit(tenant, wanted));
    }

    @POST
    @Path("/{tenant}/suspend")
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "suspendTenant",
            summary = "Let a tenant's keys open nothing, and its schedules not fire; only the operator may")
    @APIResponse(responseCode = "200", description = "It is suspended, or was")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    public TenantView suspend(@PathParam("tenant") String tenant, @Context SecurityContext security) {
        var caller = operatorOf(tenant, security);
        if (reach.isOperator(tenant)) {
            throw ProblemException.conflict("The operator's own tenant cannot be suspended.");
        }
        return act(caller, tenant, "tenants.suspend", Map.of(), () -> tenants.suspend(tenant));
    }

    @POST
    @Path("/{tenant}/resume")
    @Needs(Scope.ADMIN)
    @Operation(operationId = "resumeTenant", summary = "End a suspension; only the operator may")
    @APIResponse(responseCode = "200", description = "It is active, or was")
    @APIResponse(responseCode = "404", ref = "problem")
    public TenantView resume(@PathParam("tenant") String tenant, @Context SecurityContext security) {
        return act(operatorOf(tenant, security), tenant, "tenants.resume", Map.of(), () -> tenants.resume(tenant));
    }

    /** The caller; a problem 404 when the tenant is not there for it, and 403 when it is no operator. */
    private Caller operatorOf(String tenant, SecurityContext security) {
        var caller = Caller.of(security);
        reach.tenant(caller, tenant);
        reach.checkOperator(caller);
        return caller;
    }

    private TenantView act(
            Caller caller,
            String tenant,
            String what,
            Map<String, String> arguments,
            Supplier<Optional<Tenant>> action) {
        return recorded.act(
                caller,
                tenant,
                what,
                arguments,
                () -> action.get().map(this::view).orElseThrow(() -> Reach.notFound(tenant)),
                view -> Map.of("state", view.state().name()));
    }

    private TenantView view(Tenant tenant) {
        return TenantView.of(tenant, quotas);
    }
}
