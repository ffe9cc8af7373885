package dev.holdfast.ingest.uploads;

import dev.holdfast.job.BackupSource;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/**
 * A file that is going to be put.
 *
 * @param size in bytes; above 64 MiB it is put in parts
 * @param sha256 of its content, hexadecimal; any other content is refused, by S3 or, after parts, by the backup
 */
record UploadRequest(
        @NotNull @Pattern(regexp = BackupSource.FILE_NAME) String name,

        @NotNull @Min(0) Long size,
        Optional<@Pattern(regexp = "^[0-9a-fA-F]{64}$") String> sha256) {}
