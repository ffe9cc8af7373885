package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/** Where restored data goes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "download", value = RestoreTarget.Download.class),
    @JsonSubTypes.Type(name = "s3", value = RestoreTarget.S3.class),
    @JsonSubTypes.Type(name = "path", value = RestoreTarget.Path.class)
})
public sealed interface RestoreTarget {

    /** A presigned URL in the job's result, good for 24 hours. */
    record Download() implements RestoreTarget {}

    /**
     * A bucket: each file becomes an object, over one that has its key.
     *
     * @param prefix goes before the paths, as a folder; may be empty
     * @param connection the tenant's connection to the endpoint that has the bucket; without one, Holdfast's own
     *     credentials write to it, if the operator allows that bucket
     */
    record S3(
            @NotNull @Pattern(regexp = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
            String bucket,

            @NotNull @Size(max = 500) @Pattern(regexp = "^(?!/)[^\\x00-\\x1f\\x7f]*$")
            String prefix,

            Optional<@Pattern(regexp = JobPayload.Backup.REPOSITORY) String> connection)
            implements RestoreTarget {}

    /**
     * A new folder on the worker.
     *
     * @param path absolute, below a root that the operator allows; nothing, or an empty folder, may be there
     */
    record Path(
            @NotNull @Size(max = 1000) @Pattern(regexp = "^/[^\\x00-\\x1f\\x7f]+$")
            String path) implements RestoreTarget {}
}
