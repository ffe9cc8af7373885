package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The catalogue of job types: each with its wire name, current version, lane, payload and result. */
public enum JobType {
    REGISTRATION("registration", 1, Lane.QUICK, JobPayload.Registration.class, JobResult.Registered.class),
    BACKUP("backup", 1, Lane.BULK, JobPayload.Backup.class, JobResult.BackedUp.class),
    RESTORE("restore", 1, Lane.BULK, JobPayload.Restore.class, JobResult.Restored.class);

    private final String wireName;
    private final int version;
    private final Lane lane;
    private final Class<? extends JobPayload> payload;
    private final Class<? extends JobResult> result;

    JobType(
            String wireName,
            int version,
            Lane lane,
            Class<? extends JobPayload> payload,
            Class<? extends JobResult> result) {
        this.wireName = wireName;
        this.version = version;
        this.lane = lane;
        this.payload = payload;
        this.result = result;
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
}
