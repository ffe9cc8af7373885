package dev.holdfast.ingest.notifications;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.mail.Notification;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/notifications}: what was mailed to whom, and what came back. */
@Path("/v1/notifications")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "notifications")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class NotificationsResource {

    private final NotificationLister lister;

    NotificationsResource(NotificationLister lister) {
        this.lister = lister;
    }

    /**
     * One mail to one recipient.
     *
     * @param job what it is about, if that is a job
     * @param mail which kind of mail it is, such as {@code job-failed}
     * @param state {@code sending}, {@code sent}, {@code delivered}, {@code bounced}, {@code complained},
     *     {@code suppressed}, {@code refused} or {@code gathered}
     * @param messageId what SES calls it
     * @param reason why it stands so, when that needs a word
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record NotificationView(
            String id,
            Optional<String> job,
            String mail,
            String recipient,
            String state,
            Instant createdAt,
            Optional<Instant> settledAt,
            Optional<String> messageId,
            Optional<String> reason) {

        static NotificationView of(Notification notification) {
            return new NotificationView(
                    notification.id(),
                    notification.job(),
                    notification.mail(),
                    notification.recipient(),
                    notification.state().wireName(),
                    notification.createdAt(),
                    notification.settledAt(),
                    notification.messageId(),
                    notification.reason().filter(reason -> !reason.isEmpty()));
        }
    }

    /** Notifications, newest first; {@code nextCursor} when there are more, though {@code items} may be short. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record NotificationList(List<NotificationView> items, Optional<String> nextCursor) {}

    @GET
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "listNotifications", summary = "What was mailed to whom and what came back, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "422", ref = "problem")
    public NotificationList list(
            @QueryParam("job") @Nullable String job,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        return lister.list(Caller.of(security).tenant(), NotificationQuery.parse(job, state, limit, cursor));
    }
}
