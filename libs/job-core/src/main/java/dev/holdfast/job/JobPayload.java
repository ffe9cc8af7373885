package dev.holdfast.job;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every kind of work that the system can do. To add one: a record here, a constant in {@link JobType}, a handler in the
 * worker, and the {@code case} lines that the compiler then asks for.
 *
 * <p>The annotations are the contract: {@code GET /v1/job-types} publishes them as JSON Schema, and the HTTP door
 * checks every payload against that schema.
 */
public sealed interface JobPayload {

    /** Which kind of work this is. */
    JobType type();

    /**
     * Registers a user: e-mail and username are unique within the tenant, compared without regard to case.
     *
     * @param username 1 to 64 letters, digits, {@code .}, {@code _} or {@code -}
     * @param email at most 254 characters (RFC 5321, section 4.5.3.1.3)
     * @param attributes whatever the caller wants to keep with the user, at most 50
     */
    record Registration(
            @NotNull @Pattern(regexp = "^[\\p{L}\\p{N}._-]{1,64}$")
            String username,

            @NotNull @Size(max = 254) @Pattern(regexp = EMAIL)
            String email,

            @Size(max = 50) Map<@Size(min = 1, max = 128) String, @NotNull @Size(max = 1024) String> attributes)
            implements JobPayload {

        /** One @, no white space, a dot in the domain: what the mail server decides later is not guessed here. */
        public static final String EMAIL =
                "^[^@\\s\\x00-\\x1f<>,;\"]{1,64}@[^@\\s\\x00-\\x1f<>,;\"]+\\.[^@\\s\\x00-\\x1f<>,;\".]+$";

        public Registration {
            attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
        }

        @Override
        public JobType type() {
            return JobType.REGISTRATION;
        }
    }

    /**
     * Stores a source as a new snapshot of a repository.
     *
     * @param repository the repository's name
     * @param source where the data is
     * @param tags marks on the snapshot, at most 20
     * @param exclude globs (as in {@link java.nio.file.FileSystem#getPathMatcher}) of paths to leave out, at most 100
     * @param parent the snapshot to compare with: an id or unique prefix; default the latest of the same source
     */
    record Backup(
            @NotNull @Pattern(regexp = REPOSITORY) String repository,
            @NotNull @Valid BackupSource source,
            @Size(max = 20) List<@NotNull @Pattern(regexp = "^[^,\\s]{1,64}$") String> tags,
            @Size(max = 100) List<@NotNull @Size(min = 1, max = 1024) String> exclude,
            Optional<@Pattern(regexp = SNAPSHOT) String> parent)
            implements JobPayload {

        /** Names of repositories: 1 to 64 lower-case letters, digits and dashes. */
        public static final String REPOSITORY = "^[a-z0-9][a-z0-9-]{0,63}$";

        /** A snapshot's id or its unique prefix, or {@code latest}. */
        public static final String SNAPSHOT = "^([0-9a-f]{4,64}|latest)$";

        public Backup {
            tags = tags == null ? List.of() : List.copyOf(tags);
            exclude = exclude == null ? List.of() : List.copyOf(exclude);
        }

        @Override
        public JobType type() {
            return JobType.BACKUP;
        }
    }

    /**
     * A part of the backup of a bucket. Backups ask for it by themselves when there is more than one run should do.
     *
     * @param root the backup that it is a part of
     * @param plan which of its plans: the fence of the run that made it
     * @param repository the repository's name
     * @param source the whole source
     * @param exclude what the backup leaves out
     * @param parent the id of the snapshot to compare with
     * @param after this part's keys are greater than this one
     * @param last and not greater than this one; empty: all to the end
     */
    record BackupShard(
            @NotNull @Pattern(regexp = ID) String root,
            long plan,
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            @NotNull @Valid BackupSource.S3 source,
            List<@NotNull String> exclude,
            Optional<@Pattern(regexp = Backup.SNAPSHOT) String> parent,
            @NotNull String after,
            Optional<String> last)
            implements JobPayload {

        /** The id of a job. */
        public static final String ID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

        public BackupShard {
            exclude = exclude == null ? List.of() : List.copyOf(exclude);
        }

        @Override
        public JobType type() {
            return JobType.BACKUP_SHARD;
        }
    }

    /**
     * Brings a snapshot back, whole or in part.
     *
     * @param repository the repository's name
     * @param snapshot the snapshot's id, a unique prefix of it (4 characters or more), or {@code latest}
     * @param path the file or directory to bring back; default all
     * @param target where it goes
     */
    record Restore(
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            @NotNull @Pattern(regexp = Backup.SNAPSHOT) String snapshot,
            Optional<@Size(min = 1, max = 4096) String> path,
            @NotNull @Valid RestoreTarget target)
            implements JobPayload {

        @Override
        public JobType type() {
            return JobType.RESTORE;
        }
    }
}
