package dev.holdfast.job;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue of job types: each with its wire name, lane, payload, result, retry policy, time limit, and what brings
 * payloads of older versions up to date.
 */
public enum JobType {
    REGISTRATION(
            "registration",
            Lane.QUICK,
            JobPayload.Registration.class,
            JobResult.Registered.class,
            5,
            ofSeconds(2),
            ofMinutes(15),
            ofMinutes(2)),
    BACKUP(
            "backup",
            Lane.BULK,
            JobPayload.Backup.class,
            JobResult.BackedUp.class,
            5,
            ofSeconds(5),
            ofHours(1),
            ofHours(24)),
    /** Asked for by backups alone. */
    BACKUP_SHARD(
            "backup-shard",
            Lane.BULK,
            JobPayload.BackupShard.class,
            JobResult.ShardStored.class,
            5,
            ofSeconds(5),
            ofMinutes(5),
            ofHours(24)),
    RESTORE(
            "restore",
            Lane.BULK,
            JobPayload.Restore.class,
            JobResult.Restored.class,
            5,
            ofSeconds(5),
            ofMinutes(15),
            ofHours(24)),
    /** Asked for by restores alone. */
    RESTORE_SHARD(
            "restore-shard",
            Lane.BULK,
            JobPayload.RestoreShard.class,
            JobResult.ShardRestored.class,
            5,
            ofSeconds(5),
            ofMinutes(5),
            ofHours(24)),
    CHECK(
            "check",
            Lane.BULK,
            JobPayload.Check.class,
            JobResult.Checked.class,
            5,
            ofSeconds(5),
            ofMinutes(15),
            ofHours(24)),
    FORGET(
            "forget",
            Lane.BULK,
            JobPayload.Forget.class,
            JobResult.Forgotten.class,
            5,
            ofSeconds(5),
            ofMinutes(15),
            ofHours(2)),
    PRUNE("prune", Lane.BULK, JobPayload.Prune.class, JobResult.Pruned.class, 5, ofSeconds(5), ofHours(1), ofHours(24)),
    MIRROR(
            "mirror",
            Lane.BULK,
            JobPayload.Mirror.class,
            JobResult.Mirrored.class,
            5,
            ofSeconds(5),
            ofHours(1),
            ofHours(24)),
    DRILL(
            "drill",
            Lane.BULK,
            JobPayload.Drill.class,
            JobResult.Drilled.class,
            5,
            ofSeconds(5),
            ofMinutes(15),
            ofHours(6));

    private final String wireName;
    private final Lane lane;
    private final Class<? extends JobPayload> payload;
    private final Class<? extends JobResult> result;
    private final int maxAttempts;
    private final Duration retryBase;
    private final Duration retryCap;
    private final Duration timeLimit;

    @SuppressWarnings("ImmutableEnumChecker") // a list that is copied, of functions without state
    private final Upcasts upcasts;

    JobType(
            String wireName,
            Lane lane,
            Class<? extends JobPayload> payload,
            Class<? extends JobResult> result,
            int maxAttempts,
            Duration retryBase,
            Duration retryCap,
            Duration timeLimit,
            Upcasts.Step... upcasts) {
        this.wireName = wireName;
        this.lane = lane;
        this.payload = payload;
        this.result = result;
        this.maxAttempts = maxAttempts;
        this.retryBase = retryBase;
        this.retryCap = retryCap;
        this.timeLimit = timeLimit;
        this.upcasts = new Upcasts(List.of(upcasts));
    }

    /** The type with this wire name, if there is one. */
    public static Optional<JobType> named(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst();
    }

    @JsonCreator
    static JobType of(String wireName) {
        return named(wireName).orElseThrow(() -> new IllegalArgumentException("unknown job type " + wireName));
    }

    /** The name in the HTTP API and in stored jobs. Never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The payload's current version, from 1: one more for each upcast from the version before. */
    public int version() {
        return upcasts.version();
    }

    /**
     * Reads a payload that a release wrote at some version; an older one is brought up to date.
     *
     * @throws IllegalArgumentException when it is not of this type, or of a later version
     */
    public JobPayload read(String json, int writtenVersion) {
        return Json.read(upcasts.apply(json, writtenVersion), payload);
    }

    public Lane lane() {
        return lane;
    }

    public Class<? extends JobPayload> payload() {
        return payload;
    }

    public Class<? extends JobResult> result() {
        return result;
    }

    /** Whether it can be asked for over HTTP: the others are parts, which jobs fan out to by themselves. */
    public boolean isPublic() {
        return this != BACKUP_SHARD && this != RESTORE_SHARD;
    }

    /** How failed attempts are repeated. */
    public RetryPolicy retryPolicy() {
        return new RetryPolicy(maxAttempts, retryBase, retryCap);
    }

    /** How long one run may take: a handler that goes on for longer is stopped, and the attempt has failed. */
    public Duration timeLimit() {
        return timeLimit;
    }
}
