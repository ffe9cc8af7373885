package dev.holdfast.ingest.notifications;

import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.mail.Links;
import dev.holdfast.mail.Links.Unsubscription;
import dev.holdfast.mail.Readers;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/unsubscribe}: the link in mails. Opening it only asks, since mail servers open links to look at them; the
 * button, or the one click of a mail program (RFC 8058), posts.
 */
@Path("/v1/unsubscribe")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
@PermitAll
@SecurityRequirements
@Tag(name = "notifications")
@APIResponse(responseCode = "404", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class UnsubscribeResource {

    private final Links links;
    private final Readers readers;

    UnsubscribeResource(Links links, Readers readers) {
        this.links = links;
        this.readers = readers;
    }

    @GET
    @PermitAll
    @Operation(operationId = "askToUnsubscribe", summary = "The page behind the unsubscribe link of a mail")
    @APIResponse(responseCode = "200")
    public String ask(@QueryParam("reader") @Nullable String reader) {
        var asked = read(reader);
        var wishes = readers.wishes(asked.tenant(), Set.of(asked.address())).get(asked.address());
        return wishes != null && wishes.spared().contains(asked.topic())
                ? UnsubscribePage.done(asked)
                : UnsubscribePage.question(asked);
    }

    @POST
    @PermitAll
    @Operation(
            operationId = "unsubscribe",
            summary = "Spare a reader of such mails of the tenant; one click (RFC 8058), as often as you like")
    @APIResponse(responseCode = "200")
    public String unsubscribe(@QueryParam("reader") @Nullable String reader) {
        var asked = read(reader);
        readers.spare(asked.tenant(), asked.address(), asked.topic());
        return UnsubscribePage.done(asked);
    }

    private Unsubscription read(@Nullable String reader) {
        return Optional.ofNullable(reader)
                .flatMap(links::read)
                .orElseThrow(() -> ProblemException.notFound("such reader; is the link complete"));
    }
}
