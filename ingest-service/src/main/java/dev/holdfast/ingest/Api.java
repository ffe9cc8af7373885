package dev.holdfast.ingest;

import dev.holdfast.ingest.http.Problem;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** The head of the OpenAPI document. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Holdfast",
                        version = "1",
                        description = "Durable background jobs on AWS: submit, watch, upload, restore.",
                        license = @License(name = "Apache-2.0")),
        security = @SecurityRequirement(name = "key"),
        components =
                @Components(
                        responses = {
                            @APIResponse(
                                    name = "problem",
                                    description = "What went wrong (RFC 9457)",
                                    content =
                                            @Content(
                                                    mediaType = Problem.MEDIA_TYPE,
                                                    schema = @Schema(implementation = Problem.class))),
                            @APIResponse(
                                    name = AnyOperation.REFUSED,
                                    description =
                                            "Refused before the operation saw it, as any request may be: 400 no HTTP, or a URL"
                                                    + " or body that cannot be read; 406 Accept leaves nothing to answer with; 408 its"
                                                    + " headers or its body took too long to arrive; 413 a body of more than 256 KiB; 414"
                                                    + " URL too long; 415 a body in another encoding than UTF-8 as it is; 417 Expect other"
                                                    + " than 100-continue; 431 too many headers, or too large",
                                    content =
                                            @Content(
                                                    mediaType = Problem.MEDIA_TYPE,
                                                    schema = @Schema(implementation = Problem.class)),
                                    extensions =
                                            @Extension(
                                                    name = "x-statuses",
                                                    value = "[400, 406, 408, 413, 414, 415, 417, 431]",
                                                    parseValue = true))
                        }))
@SecurityScheme(
        securitySchemeName = "key",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "An API key: hf_…")
public class Api extends Application {}
