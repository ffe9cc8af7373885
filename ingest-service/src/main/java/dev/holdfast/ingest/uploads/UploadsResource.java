package dev.holdfast.ingest.uploads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.catalog.Catalog;
import dev.holdfast.catalog.Upload;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.ingest.access.Needs;
import dev.holdfast.ingest.access.Scope;
import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.quotas.TenantQuotas;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Json;
import dev.holdfast.resources.ResourcesConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** {@code /v1/uploads}: a presigned URL to which a client puts a file. */
@Path("/v1/uploads")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "uploads")
@APIResponse(responseCode = "401", ref = "problem")
@APIResponse(responseCode = "403", ref = "problem")
@APIResponse(responseCode = "503", ref = "problem")
class UploadsResource {

    private static final Duration URL_LIFETIME = Duration.ofHours(1);
    private static final long MAX_BYTES = 64L << 20;

    private final Catalog catalog;
    private final TenantQuotas quotas;
    private final S3Presigner presigner;
    private final String bucket;
    private final InstantSource clock;
    private final RecordSchema schema = new RecordSchema(UploadRequest.class);

    UploadsResource(
            Catalog catalog,
            TenantQuotas quotas,
            S3Presigner presigner,
            ResourcesConfig resources,
            InstantSource clock) {
        this.catalog = catalog;
        this.quotas = quotas;
        this.presigner = presigner;
        this.bucket = resources.bucket();
        this.clock = clock;
    }

    /**
     * A file that is going to be put.
     *
     * @param size in bytes, at most 64 MiB
     * @param sha256 of its content, hexadecimal; when given, S3 refuses any other content
     */
    record UploadRequest(
            @NotNull @Pattern(regexp = BackupSource.FILE_NAME)
            String name,

            @NotNull @Min(0) @Max(MAX_BYTES) Long size,
            Optional<@Pattern(regexp = "^[0-9a-fA-F]{64}$") String> sha256) {}

    /** Where to put it: send exactly these headers, and the content as the body. */
    record UploadView(String uploadId, String method, URI url, Map<String, String> headers, Instant expiresAt) {}

    @POST
    @Needs(Scope.JOBS_WRITE)
    @Operation(operationId = "createUpload", summary = "Get a presigned URL to put a file to")
    @APIResponse(responseCode = "400", ref = "problem")
    @APIResponse(responseCode = "413", ref = "problem")
    @APIResponse(responseCode = "415", ref = "problem")
    @APIResponse(responseCode = "422", ref = "problem")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = UploadRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "Put the file to the URL within an hour",
            content = @Content(schema = @Schema(implementation = UploadView.class)))
    public RestResponse<UploadView> create(InputStream body, @Context SecurityContext security) {
        var request = read(Body.read(body));
        quotas.admitUpload(Caller.of(security).tenant(), request.size());
        var expiresAt = clock.instant().plus(URL_LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        var upload = new Upload(
                UUID.randomUUID().toString(),
                Caller.of(security).tenant(),
                request.name(),
                request.size(),
                request.sha256().map(hex -> hex.toLowerCase(Locale.ROOT)),
                expiresAt);
        catalog.addUpload(upload);
        return RestResponse.status(RestResponse.Status.CREATED, presign(upload));
    }

    private UploadRequest read(JsonNode body) {
        var faults = schema.faults(body, "");
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        return Json.mapper().convertValue(body, UploadRequest.class);
    }

    private UploadView presign(Upload upload) {
        var presigned = presigner.presignPutObject(presign -> presign.signatureDuration(URL_LIFETIME)
                .putObjectRequest(put -> {
                    put.bucket(bucket).key(upload.key()).contentLength(upload.size());
                    upload.sha256().ifPresent(hex -> put.checksumSHA256(base64(hex)));
                }));
        var headers = new TreeMap<String, String>();
        presigned.signedHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host")) headers.put(name.toLowerCase(Locale.ROOT), values.getFirst());
        });
        return new UploadView(
                upload.id(),
                presigned.httpRequest().method().name(),
                URI.create(presigned.url().toString()),
                headers,
                upload.expiresAt());
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
