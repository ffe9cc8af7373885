package dev.holdfast.ingest.users;

import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.users.ConfirmationToken;
import dev.holdfast.users.User;
import dev.holdfast.users.UserTable;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/users}: who was registered, and the link of the welcome mail. */
@Path("/v1/users")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "users")
@APIResponse(responseCode = "503", ref = "problem")
class UsersResource {

    private final UserTable users;
    private final InstantSource clock;

    UsersResource(UserTable users, InstantSource clock) {
        this.users = users;
        this.clock = clock;
    }

    /** A user in the HTTP API; {@code status} is {@code unconfirmed} or {@code confirmed}. */
    record UserView(
            String userId,
            String username,
            String email,
            Map<String, String> attributes,
            Instant createdAt,
            long version,
            String status) {

        static UserView of(User user) {
            return new UserView(
                    user.userId(),
                    user.username(),
                    user.email(),
                    user.attributes(),
                    user.createdAt(),
                    user.version(),
                    wireName(user.status()));
        }
    }

    /** What a click on the confirmation link shows. */
    record Confirmation(String userId, String status) {}

    @GET
    @Path("/{userId}")
    @Needs(Scope.JOBS_READ)
    @Operation(operationId = "getUser", summary = "Show a registered user")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "401", ref = "problem")
    @APIResponse(responseCode = "403", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    public UserView show(@PathParam("userId") String userId, @Context SecurityContext security) {
        return users.find(userId)
                .filter(user -> user.tenant().equals(Caller.of(security).tenant()))
                .map(UserView::of)
                .orElseThrow(() -> ProblemException.notFound("user " + userId));
    }

    @GET
    @Path("/confirm")
    @PermitAll
    @SecurityRequirements
    @Operation(operationId = "confirmUser", summary = "Confirm an e-mail address; the link of the welcome mail")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "410", ref = "problem")
    public Confirmation confirm(@QueryParam("token") @Nullable String token) {
        var known = Optional.ofNullable(token)
                .flatMap(ConfirmationToken::parse)
                .orElseThrow(() -> ProblemException.notFound("such confirmation; is the link complete"));
        var now = clock.instant();
        var user = users.confirm(known, now)
                .orElseThrow(() -> ProblemException.notFound("such confirmation; is the link complete"));
        if (ConfirmationToken.isOver(user, now)) {
            throw ProblemException.gone(
                    "The link worked for %d days after the registration.".formatted(ConfirmationToken.VALID.toDays()));
        }
        return new Confirmation(user.userId(), wireName(user.status()));
    }

    private static String wireName(User.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
