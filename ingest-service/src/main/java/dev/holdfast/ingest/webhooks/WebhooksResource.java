package dev.holdfast.ingest.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Recorded;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.webhooks.WebhookReader.SecretRotation;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.outbound.Destination;
import dev.holdfast.webhook.SigningSecret;
import dev.holdfast.webhook.Webhook;
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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/webhooks}: the endpoints that hear how the tenant's jobs end. Secrets are shown once. */
@Path("/v1/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "webhooks")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class WebhooksResource {

    private static final int MOST = 10;

    private final MailSettingsTable table;
    private final WebhookReader reader;
    private final Recorded recorded;
    private final InstantSource clock;
    private final RandomGenerator random;

    WebhooksResource(
            MailSettingsTable table,
            WebhookReader reader,
            Recorded recorded,
            InstantSource clock,
            RandomGenerator random) {
        this.table = table;
        this.reader = reader;
        this.recorded = recorded;
        this.clock = clock;
        this.random = random;
    }

    /** Webhooks by name. */
    record WebhookList(List<WebhookView> items) {}

    /**
     * A webhook with a new secret.
     *
     * @param secret what its calls are signed with, which is shown this once
     */
    record NewWebhookView(
            @JsonProperty(required = true) String secret,
            @JsonProperty(required = true) WebhookView webhook) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(operationId = "createWebhook", summary = "Have an endpoint called when jobs have ended")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = WebhookRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "It hears of jobs that are submitted from now on, everywhere within ten seconds",
            content = @Content(schema = @Schema(implementation = NewWebhookView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<NewWebhookView> create(InputStream body, @Context SecurityContext security) {
        var secret = SigningSecret.create(random);
        var webhook = reader.webhook(body, secret);
        var made = change(security, "create", webhook.name(), Map.of("url", shownUrl(webhook)), all -> {
            if (all.stream().anyMatch(some -> some.name().equals(webhook.name()))) {
                throw ProblemException.nameTaken("There is a webhook " + webhook.name() + "; change it by PUT.");
            }
            if (all.size() >= MOST) throw ProblemException.conflict("A tenant has at most " + MOST + " webhooks.");
            return Stream.concat(all.stream(), Stream.of(webhook))
                    .sorted(Comparator.comparing(Webhook::name))
                    .toList();
        });
        return RestResponse.ResponseBuilder.create(
                        RestResponse.Status.CREATED, new NewWebhookView(secret.text(), find(made, webhook.name())))
                .header(HttpHeaders.LOCATION, "/v1/webhooks/" + webhook.name())
                .build();
    }

    @GET
    @Needs(Scope.ADMIN)
    @Operation(operationId = "listWebhooks", summary = "The webhooks, by name")
    @APIResponse(responseCode = "200")
    public WebhookList list(@Context SecurityContext security) {
        var all = table.webhooks(Caller.of(security).tenant());
        return new WebhookList(all.stream().map(WebhookView::of).toList());
    }

    @GET
    @Path("/{name}")
    @Needs(Scope.ADMIN)
    @Operation(operationId = "getWebhook", summary = "Show a webhook")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", ref = "problem")
    public WebhookView show(@PathParam("name") String name, @Context SecurityContext security) {
        return find(table.webhooks(Caller.of(security).tenant()), name);
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "replaceWebhook",
            summary = "Give a webhook another endpoint or other ends to hear of; one that was disabled is called again")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = WebhookRequest.class)))
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public WebhookView replace(@PathParam("name") String name, InputStream body, @Context SecurityContext security) {
        var wanted = reader.webhook(body, SigningSecret.create(random));
        show(name, security);
        if (!wanted.name().equals(name)) throw ProblemException.invalid("/name", "a webhook keeps its name");
        var all = changeOne(security, "replace", name, Map.of("url", shownUrl(wanted)), wanted::inPlaceOf);
        return find(all, name);
    }

    @POST
    @Path("/{name}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.ADMIN)
    @Operation(
            operationId = "rotateWebhook",
            summary = "Make a new secret; for the overlap, calls are signed with the one before as well")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = SecretRotation.class)))
    @APIResponse(
            responseCode = "201",
            description = "The new secret; nobody can show it again",
            content = @Content(schema = @Schema(implementation = NewWebhookView.class)))
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    public RestResponse<NewWebhookView> rotate(
            @PathParam("name") String name, InputStream body, @Context SecurityContext security) {
        var overlap = reader.overlap(body);
        show(name, security);
        var secret = SigningSecret.create(random);
        var now = clock.instant();
        var all = changeOne(
                security,
                "rotate",
                name,
                Map.of("overlap", overlap.toString()),
                webhook -> webhook.rotated(secret, now, now.plus(overlap)));
        return RestResponse.status(RestResponse.Status.CREATED, new NewWebhookView(secret.text(), find(all, name)));
    }

    @DELETE
    @Path("/{name}")
    @Needs(Scope.ADMIN)
    @Operation(operationId = "deleteWebhook", summary = "Forget a webhook; what was not told yet is never told")
    @APIResponse(responseCode = "204", description = "It is gone, and its name is free")
    @APIResponse(responseCode = "404", ref = "problem")
    public void delete(@PathParam("name") String name, @Context SecurityContext security) {
        show(name, security);
        change(
                security,
                "delete",
                name,
                Map.of(),
                all -> all.stream().filter(some -> !some.name().equals(name)).toList());
    }

    private List<Webhook> changeOne(
            SecurityContext security,
            String what,
            String name,
            Map<String, String> more,
            UnaryOperator<Webhook> change) {
        return change(
                security,
                what,
                name,
                more,
                all -> all.stream()
                        .map(some -> some.name().equals(name) ? change.apply(some) : some)
                        .toList());
    }

    /** Changes them, on record. */
    private List<Webhook> change(
            SecurityContext security,
            String what,
            String name,
            Map<String, String> more,
            UnaryOperator<List<Webhook>> change) {
        var caller = Caller.of(security);
        var arguments = new TreeMap<>(more);
        arguments.put("webhook", name);
        return recorded.act(
                caller,
                caller.tenant(),
                "webhooks." + what,
                arguments,
                () -> table.changeWebhooks(caller.tenant(), change),
                all -> Map.of());
    }

    /** Without what follows the question mark: it may be a secret. */
    private static String shownUrl(Webhook webhook) {
        return Destination.of(webhook.url(), true).shown();
    }

    private static WebhookView find(List<Webhook> all, String name) {
        return all.stream()
                .filter(webhook -> webhook.name().equals(name))
                .findFirst()
                .map(WebhookView::of)
                .orElseThrow(() -> ProblemException.notFound("webhook " + name));
    }
}
