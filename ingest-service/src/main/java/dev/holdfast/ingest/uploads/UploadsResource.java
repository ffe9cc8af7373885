package dev.holdfast.ingest.uploads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.catalog.Upload;
import dev.holdfast.catalog.Uploads;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.quotas.TenantQuotas;
import dev.holdfast.ingest.schema.RecordSchema;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/uploads}: presigned URLs to which a client puts a file. */
@Path("/v1/uploads")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "uploads")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class UploadsResource {

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Uploads uploads;
    private final UploadBucket bucket;
    private final UploadLimits limits;
    private final TenantQuotas quotas;
    private final InstantSource clock;
    private final RecordSchema<UploadRequest> schema = new RecordSchema<>(UploadRequest.class);

    UploadsResource(
            Uploads uploads, UploadBucket bucket, UploadLimits limits, TenantQuotas quotas, InstantSource clock) {
        this.uploads = uploads;
        this.bucket = bucket;
        this.limits = limits;
        this.quotas = quotas;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Needs(Scope.JOBS_WRITE)
    @Operation(
            operationId = "createUpload",
            summary = "Get a presigned URL to put a file to, or one for each part above 64 MiB")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = UploadRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "Put the file, or its parts, before expiresAt",
            content = @Content(schema = @Schema(implementation = UploadView.class)))
    public RestResponse<UploadView> create(InputStream body, @Context SecurityContext security) {
        var request = read(Body.read(body));
        quotas.admitUpload(Caller.of(security).tenant(), request.size());
        var upload = upload(request, Caller.of(security).tenant());
        uploads.add(upload, limits.firstLook(upload.size(), upload.expiresAt()));
        return RestResponse.status(RestResponse.Status.CREATED, view(upload));
    }

    private UploadRequest read(JsonNode body) {
        var request = schema.read(body);
        if (request.size() > limits.maxBytes()) {
            throw ProblemException.invalid("/size", "must be at most " + limits.maxBytes());
        }
        return request;
    }

    private Upload upload(UploadRequest request, String tenant) {
        var expiresAt = clock.instant().plus(limits.lifetime(request.size())).truncatedTo(ChronoUnit.SECONDS);
        var whole = new Upload(
                UUID.randomUUID().toString(),
                tenant,
                request.name(),
                request.size(),
                request.sha256().map(hex -> hex.toLowerCase(Locale.ROOT)),
                expiresAt,
                Optional.empty());
        return limits.isWhole(request.size())
                ? whole
                : whole.in(new Upload.Parts(bucket.begin(whole.key()), limits.partBytes(request.size())));
    }

    private UploadView view(Upload upload) {
        var lifetime = limits.lifetime(upload.size());
        if (upload.parts().isEmpty()) {
            var target = bucket.whole(upload, lifetime);
            return new UploadView(
                    upload.id(),
                    HttpMethod.PUT,
                    Optional.of(target.url()),
                    Optional.of(target.headers()),
                    Optional.empty(),
                    upload.expiresAt());
        }
        var parts = IntStream.rangeClosed(1, upload.partCount())
                .mapToObj(number -> new UploadView.PartView(
                        number,
                        upload.partSize(number),
                        bucket.part(upload, number, lifetime).url()))
                .toList();
        return new UploadView(
                upload.id(),
                HttpMethod.PUT,
                Optional.empty(),
                Optional.empty(),
                Optional.of(parts),
                upload.expiresAt());
    }

    @POST
    @Path("/{id}/complete")
    @Needs(Scope.JOBS_WRITE)
    @Operation(
            operationId = "completeUpload",
            summary = "Make one file of the parts, and see that it has the announced size; may be sent again")
    @APIResponse(
            responseCode = "200",
            description = "The file is there",
            content = @Content(schema = @Schema(implementation = CompletedView.class)))
    @APIResponse(responseCode = "404", ref = "problem")
    @APIResponse(responseCode = "409", ref = "problem")
    public CompletedView complete(@PathParam("id") String id, @Context SecurityContext security) {
        var entry = Optional.of(id)
                .filter(given -> UUID_FORM.matcher(given).matches())
                .flatMap(given -> uploads.entry(Caller.of(security).tenant(), given))
                .filter(known -> !known.givenUp())
                .orElseThrow(() -> ProblemException.notFound("upload " + id));
        var upload = entry.upload();
        if (!entry.complete()) {
            if (upload.parts().isPresent()) bucket.join(upload);
            checkSize(upload);
            if (!uploads.complete(upload)) throw ProblemException.notFound("upload " + id);
        }
        return CompletedView.of(upload, limits);
    }

    private void checkSize(Upload upload) {
        var size = bucket.size(upload);
        if (size.isEmpty()) throw ProblemException.conflict("Nothing was put to the URL yet.");
        if (size.getAsLong() != upload.size()) {
            throw ProblemException.conflict(
                    "The file has %d bytes, but %d were announced.".formatted(size.getAsLong(), upload.size()));
        }
    }
}
