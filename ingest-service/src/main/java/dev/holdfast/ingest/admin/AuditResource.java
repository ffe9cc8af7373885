package dev.holdfast.ingest.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.AuditLog;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Reach;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.QueryParameter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/admin/audit}: who did what with an admin key. */
@Path("/v1/admin/audit")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "admin")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class AuditResource {

    private static final Pattern ID = Pattern.compile("\\d{13}#[0-9a-f]{16}");

    private final AuditLog audit;
    private final Reach reach;

    AuditResource(AuditLog audit, Reach reach) {
        this.audit = audit;
        this.reach = reach;
    }

    /** Records, newest first; {@code nextCursor} when there are more. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record AuditList(List<AuditLog.Entry> items, Optional<String> nextCursor) {}

    @GET
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "listAudit",
            summary = "What was done with admin keys, newest first; for all but the operator, to their own tenant")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public AuditList list(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("what") @Nullable String what,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        var most = QueryParameter.limit(limit);
        var below = QueryParameter.place(cursor, ID);
        var caller = Caller.of(security);
        var whom = tenant == null && reach.isOperator(caller)
                ? Optional.<String>empty()
                : Optional.of(reach.asked(caller, tenant).name());
        var page = audit.newest(whom, Objects.requireNonNullElse(what, ""), below, most);
        return new AuditList(page.entries(), page.next().map(QueryParameter::cursor));
    }
}
