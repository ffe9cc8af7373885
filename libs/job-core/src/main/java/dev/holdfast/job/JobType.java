package dev.holdfast.job;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The catalogue of job types: each with its wire name, current version, lane, payload, result, retry policy and time
 * limit.
 */
public enum JobType {
    REGISTRATION(
            "registration",
            1,
            Lane.QUICK,
            JobPayload.Registration.class,
            JobResult.Registered.class,
            5,
            ofSeconds(2),
            ofMinutes(15),
            ofMinutes(2)),
    BACKUP(
            "backup",
            1,
            Lane.BULK,
            JobPayload.Backup.class,
            JobResult.BackedUp.class,
            5,
            ofSeconds(5),
            ofHours(1),
            ofHours(24)),
    RESTORE(
            "restore",
            1,
            Lane.BULK,
            JobPayload.Restore.class,
            JobResult.Restored.class,
            5,
            ofSeconds(5),
            ofMinutes(15),
            ofHours(24));

    private final String wireName;
    private final int version;
    private final Lane lane;
    private final Class<? extends JobPayload> payload;
    private final Class<? extends JobResult> result;
    private final int maxAttempts;
    private final Duration retryBase;
    private final Duration retryCap;
    private final Duration timeLimit;

    JobType(
            String wireName,
            int version,
            Lane lane,
            Class<? extends JobPayload> payload,
            Class<? extends JobResult> result,
            int maxAttempts,
            Duration retryBase,
            Duration retryCap,
            Duration timeLimit) {
        this.wireName = wireName;
        this.version = version;
        this.lane = lane;
        this.payload = payload;
        this.result = result;
        this.maxAttempts = maxAttempts;
        this.retryBase = retryBase;
        this.retryCap = retryCap;
        this.timeLimit = timeLimit;
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

    /** The payload's current version, from 1; raised when an older payload could no longer be read. */
    public int version() {
        return version;
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

    /** How failed attempts are repeated. */
    public RetryPolicy retryPolicy() {
        return new RetryPolicy(maxAttempts, retryBase, retryCap);
    }

    /** How long one run may take: a handler that goes on for longer is stopped, and the attempt has failed. */
    public Duration timeLimit() {
        return timeLimit;
    }
}
