package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/** Where the data of a backup is. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "upload", value = BackupSource.Upload.class),
    @JsonSubTypes.Type(name = "inline", value = BackupSource.Inline.class),
    @JsonSubTypes.Type(name = "s3", value = BackupSource.S3.class),
    @JsonSubTypes.Type(name = "postgres", value = BackupSource.Postgres.class),
    @JsonSubTypes.Type(name = "dynamodb", value = BackupSource.DynamoDb.class),
    @JsonSubTypes.Type(name = "http", value = BackupSource.Http.class),
    @JsonSubTypes.Type(name = "path", value = BackupSource.Path.class)
})
public sealed interface BackupSource {

    /** A file that was put to the URL of {@code POST /v1/uploads}. */
    record Upload(
            @NotNull @Pattern(regexp = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
            String uploadId)
            implements BackupSource {}

    /**
     * A small file that travels in the job itself.
     *
     * @param name the file's name in the snapshot, without slashes
     * @param contentBase64 its bytes in standard Base64 (RFC 4648, section 4); the whole request is at most 256 KiB
     */
    record Inline(
            @NotNull @Pattern(regexp = FILE_NAME) String name,

            @NotNull
            @Pattern(regexp = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")
            @Size(max = 262_144)
            String contentBase64)
            implements BackupSource {}

    /**
     * The objects of a bucket.
     *
     * @param bucket the bucket's name
     * @param prefix only keys that begin so; a folder's ends with a slash. Default all
     * @param connection the tenant's connection to the endpoint that has the bucket; without one, Holdfast's own
     *     credentials read it, if the operator allows that bucket
     */
    record S3(
            @NotNull @Pattern(regexp = BUCKET) String bucket,
            Optional<@Size(min = 1, max = 1024) String> prefix,
            Optional<@Pattern(regexp = CONNECTION) String> connection)
            implements BackupSource {}

    /**
     * A PostgreSQL database, as it was at one moment.
     *
     * @param connection the tenant's connection to it
     */
    record Postgres(@NotNull @Pattern(regexp = CONNECTION) String connection) implements BackupSource {}

    /**
     * The items of a DynamoDB table of Holdfast's own account and region, one of those that the operator allows.
     *
     * @param table the table's name
     */
    record DynamoDb(@NotNull @Pattern(regexp = TABLE) String table) implements BackupSource {}

    /**
     * What a URL names, as one file.
     *
     * @param url begins with {@code https://}, without user, password and fragment
     */
    record Http(@NotNull @Size(min = 1, max = 2000) String url) implements BackupSource {}

    /**
     * A folder of the worker.
     *
     * @param path absolute; a root that the operator allows, or below one
     */
    record Path(
            @NotNull @Size(max = 1000) @Pattern(regexp = "^/[^\\x00-\\x1f\\x7f]+$")
            String path) implements BackupSource {}

    /** Names of buckets: 3 to 63 lower-case letters, digits, dots and dashes. */
    String BUCKET = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";

    /** Names of connections: 1 to 64 lower-case letters, digits and dashes. */
    String CONNECTION = "^[a-z0-9][a-z0-9-]{0,63}$";

    /** Names of DynamoDB tables. */
    String TABLE = "^[A-Za-z0-9_.-]{3,255}$";

    /** A plain file name: 1 to 255 characters, no slash, no control character, neither {@code .} nor {@code ..}. */
    String FILE_NAME = "^(?!\\.{1,2}$)[^/\\\\\\x00-\\x1f\\x7f]{1,255}$";
}
