package dev.holdfast.ingest.repositories;

import dev.holdfast.job.JobPayload;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/**
 * The body of {@code POST /v1/repositories}.
 *
 * @param name unique within the tenant
 * @param connection on whose endpoint and bucket it is to lie; Holdfast's own without one
 * @param prefix its place in the bucket of the connection, or among the tenant's in Holdfast's; the name if left out
 */
record RepositoryRequest(
        @NotNull @Pattern(regexp = JobPayload.Backup.REPOSITORY)
        String name,

        Optional<@Pattern(regexp = ConnectionRequest.NAME) String> connection,
        Optional<@Pattern(regexp = PREFIX) String> prefix) {

    /** Path segments of harmless characters, without a slash at either end. */
    static final String PREFIX = "^(?=.{1,200}$)[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$";
}
