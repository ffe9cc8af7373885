package dev.holdfast.job;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
     * @param exclude the {@link Glob}s of paths to leave out, at most 100; the HTTP door refuses what is none
     * @param parent the snapshot to compare with: an id or unique prefix; default the latest of the same source
     * @param onUnreadable what becomes of it when a part of the source can never be read; default it is left out
     */
    record Backup(
            @NotNull @Pattern(regexp = REPOSITORY) String repository,
            @NotNull @Valid BackupSource source,
            @Size(max = 20) List<@NotNull @Pattern(regexp = "^[^,\\s]{1,64}$") String> tags,
            @Size(max = 100) List<@NotNull @Size(min = 1, max = 1024) String> exclude,
            Optional<@Pattern(regexp = SNAPSHOT) String> parent,
            Optional<OnUnreadable> onUnreadable)
            implements JobPayload {

        /** Names of repositories: 1 to 64 lower-case letters, digits and dashes. */
        public static final String REPOSITORY = "^[a-z0-9][a-z0-9-]{0,63}$";

        /** A snapshot's id or its unique prefix, or {@code latest}. */
        public static final String SNAPSHOT = "^([0-9a-f]{4,64}|latest)$";

        public Backup {
            tags = tags == null ? List.of() : List.copyOf(tags);
            exclude = exclude == null ? List.of() : List.copyOf(exclude);
        }

        /** Whether a part that can never be read spoils all of it. */
        public boolean mustBeWhole() {
            return onUnreadable.filter(OnUnreadable.FAIL::equals).isPresent();
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
     * @param piece what of that last object is this part; empty: all of all objects
     */
    record BackupShard(
            @NotNull @Pattern(regexp = ID) String root,
            long plan,
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            @NotNull @Valid BackupSource.S3 source,
            List<@NotNull String> exclude,
            Optional<@Pattern(regexp = Backup.SNAPSHOT) String> parent,
            @NotNull String after,
            Optional<String> last,
            Optional<@Valid Piece> piece)
            implements JobPayload {

        /**
         * A stretch of one version of a huge object.
         *
         * @param etag of the version, without quotation marks
         * @param sizeBytes of all of it
         * @param modified when it was stored, in seconds since 1970
         * @param from its first byte
         * @param to the byte after its last one
         */
        public record Piece(
                @NotNull String etag,
                long sizeBytes,
                long modified,
                @PositiveOrZero long from,
                @Positive long to) {}

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

    /**
     * A part of a restore into a bucket. Restores ask for it by themselves when there is more than one run should do.
     *
     * @param root the restore that it is a part of
     * @param repository the repository's name
     * @param tree the id of the snapshot's root tree
     * @param path what the restore brings back; default all
     * @param target where that goes
     * @param from the place of the first entry of this part: numbers from 0, which entry of the root tree, which one of
     *     the tree below that, and so on; empty: the beginning
     * @param to the place of the first entry behind this part; empty: all to the end
     */
    record RestoreShard(
            @NotNull @Pattern(regexp = BackupShard.ID) String root,
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            @NotNull @Pattern(regexp = "^[0-9a-f]{64}$") String tree,
            Optional<@Size(min = 1, max = 4096) String> path,
            @NotNull @Valid RestoreTarget.S3 target,
            List<@NotNull @Min(0) Integer> from,
            List<@NotNull @Min(0) Integer> to)
            implements JobPayload {

        public RestoreShard {
            from = from == null ? List.of() : List.copyOf(from);
            to = to == null ? List.of() : List.copyOf(to);
        }

        @Override
        public JobType type() {
            return JobType.RESTORE_SHARD;
        }
    }

    /**
     * Looks for damage in a repository.
     *
     * @param repository the repository's name
     * @param readData how much of the stored data to read
     */
    record Check(
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            @NotNull ReadData readData) implements JobPayload {

        @Override
        public JobType type() {
            return JobType.CHECK;
        }
    }

    /**
     * Removes snapshots that no rule keeps; the space comes free by the next {@link Prune}. The rules are restic's, for
     * each group of snapshots of the same paths: a snapshot stays if any rule wants it.
     *
     * @param repository the repository's name
     * @param keepLast keeps so many of the newest, 1 to 100,000
     * @param keepDaily keeps the newest of so many days that have one, 1 to 100,000; so do {@code keepWeekly},
     *     {@code keepMonthly} and {@code keepYearly} of weeks, months and years
     * @param keepWithin keeps what is not older than that, counted from the newest: years, months, weeks, days and
     *     hours of ISO 8601, such as {@code P1Y6M} or {@code P30D}
     * @param tags looks only at snapshots that have all of these, at most 20
     * @param dryRun only counts; default false
     */
    record Forget(
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            Optional<@Min(1) @Max(MOST) Integer> keepLast,
            Optional<@Min(1) @Max(MOST) Integer> keepDaily,
            Optional<@Min(1) @Max(MOST) Integer> keepWeekly,
            Optional<@Min(1) @Max(MOST) Integer> keepMonthly,
            Optional<@Min(1) @Max(MOST) Integer> keepYearly,
            Optional<@Pattern(regexp = AGE) String> keepWithin,
            @Size(max = 20) List<@NotNull @Pattern(regexp = "^[^,\\s]{1,64}$") String> tags,
            Optional<Boolean> dryRun)
            implements JobPayload {

        static final int MOST = 100_000;

        /** A span of the calendar in ISO 8601 that is not zero. */
        public static final String AGE =
                "^P(?=.*[1-9])(?:\\d{1,4}Y)?(?:\\d{1,4}M)?(?:\\d{1,4}W)?(?:\\d{1,4}D)?(?:T\\d{1,4}H)?$";

        public Forget {
            tags = tags == null ? List.of() : List.copyOf(tags);
            if (Stream.of(keepLast, keepDaily, keepWeekly, keepMonthly, keepYearly, keepWithin)
                    .allMatch(Optional::isEmpty)) {
                throw new IllegalArgumentException("one of keepLast, keepDaily, keepWeekly, keepMonthly, keepYearly and"
                        + " keepWithin is required: without a rule everything would be removed");
            }
        }

        @Override
        public JobType type() {
            return JobType.FORGET;
        }
    }

    /**
     * Gives back the space of what no snapshot uses any more. Backups go on meanwhile.
     *
     * @param repository the repository's name
     * @param dryRun only counts; default false
     */
    record Prune(
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository, Optional<Boolean> dryRun)
            implements JobPayload {

        @Override
        public JobType type() {
            return JobType.PRUNE;
        }
    }

    /**
     * Copies a repository, byte for byte, into the bucket of a connection, where its password opens it too.
     *
     * @param repository the repository's name
     * @param to the connection's name
     */
    record Mirror(
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String to)
            implements JobPayload {

        @Override
        public JobType type() {
            return JobType.MIRROR;
        }
    }

    /**
     * Restores files of a snapshot, chosen at random, and compares them with what was backed up.
     *
     * @param repository the repository's name
     * @param snapshot the snapshot's id, a unique prefix of it (4 characters or more), or {@code latest} (the default)
     * @param files how many, 1 to 1,000; default 20
     */
    record Drill(
            @NotNull @Pattern(regexp = Backup.REPOSITORY) String repository,
            Optional<@Pattern(regexp = Backup.SNAPSHOT) String> snapshot,
            Optional<@Min(1) @Max(1_000) Integer> files)
            implements JobPayload {

        @Override
        public JobType type() {
            return JobType.DRILL;
        }
    }
}
