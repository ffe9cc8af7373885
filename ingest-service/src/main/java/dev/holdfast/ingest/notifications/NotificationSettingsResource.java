package dev.holdfast.ingest.notifications;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Reach;
import dev.holdfast.ingest.access.Recorded;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.mail.Readers;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/notification-settings}: how the tenant wishes to be mailed; and letting an address be mailed again. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "notifications")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class NotificationSettingsResource {

    private final MailSettingsTable settings;
    private final SettingsReader reader;
    private final Readers readers;
    private final Reach reach;
    private final Recorded recorded;

    NotificationSettingsResource(
            MailSettingsTable settings, SettingsReader reader, Readers readers, Reach reach, Recorded recorded) {
        this.settings = settings;
        this.reader = reader;
        this.readers = readers;
        this.reach = reach;
        this.recorded = recorded;
    }

    @GET
    @Path("/notification-settings")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getNotificationSettings", summary = "How the tenant wishes to be mailed")
    @APIResponse(responseCode = "200")
    public SettingsRequest show(@Context SecurityContext security) {
        return SettingsRequest.of(settings.find(Caller.of(security).tenant()));
    }

    @PUT
    @Path("/notification-settings")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "replaceNotificationSettings",
            summary = "Say how the tenant wishes to be mailed; heeded everywhere within ten seconds")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = SettingsRequest.class)))
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public SettingsRequest replace(InputStream body, @Context SecurityContext security) {
        var caller = Caller.of(security);
        var wished = reader.read(Body.read(body));
        recorded.act(
                caller,
                caller.tenant(),
                "notification-settings.replace",
                () -> settings.replace(caller.tenant(), wished));
        return SettingsRequest.of(wished);
    }

    @DELETE
    @Path("/suppressed-addresses/{address}")
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "releaseAddress",
            summary =
                    "Mail an address again that bounced or complained, whichever tenant's mail that was; only the operator"
                            + " may")
    @APIResponse(responseCode = "204", description = "It is not suppressed, or was not")
    public void release(@PathParam("address") String address, @Context SecurityContext security) {
        var caller = Caller.of(security);
        reach.checkOperator(caller);
        recorded.act(caller, caller.tenant(), "suppressed-addresses.release", () -> readers.release(address));
    }
}
