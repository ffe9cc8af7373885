package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The name of a job: a UUID in its usual text form (RFC 9562). */
public record JobId(@JsonValue UUID value) {

    /** Reads the text form; throws {@link IllegalArgumentException} when it is none. */
    @JsonCreator
    public static JobId of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a job id: " + text));
    }

    /** Reads the text form (36 characters, any case); empty when it is none. */
    public static Optional<JobId> parse(String text) {
        if (text.length() != 36) return Optional.empty(); // UUID.fromString also takes shortened forms
        try {
            return Optional.of(new JobId(UUID.fromString(text)));
        } catch (IllegalArgumentException notAUuid) {
            return Optional.empty();
        }
    }

    /** A new id that sorts by time: UUIDv7 (RFC 9562, section 5.7), milliseconds first, then 74 random bits. */
    public static JobId timeOrdered(Instant now, RandomGenerator random) {
        return new JobId(uuid((now.toEpochMilli() << 16) | (random.nextLong() & 0xFFFF), random.nextLong(), 7));
    }

    /**
     * The one id that belongs to a tenant's idempotency key: UUIDv8 (RFC 9562, section 5.8) over the first bits of
     * SHA-256 of both. So the row of the job is the row of the key, and neither can exist without the other.
     */
    public static JobId derived(String tenant, String idempotencyKey) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(tenant.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            var bits = ByteBuffer.wrap(digest.digest(idempotencyKey.getBytes(StandardCharsets.UTF_8)));
            return new JobId(uuid(bits.getLong(), bits.getLong(), 8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * The id of the n-th child that a run fanned out to: derived, so that the children of a job can be named without
     * being listed, and those of another run are others.
     *
     * @param fence the fence of the run
     * @param index from 0
     */
    public static JobId child(JobId parent, long fence, int index) {
        return derived("", parent + "/" + fence + "/" + index); // no tenant has an empty name
    }

    /**
     * The id of the job that a schedule asks for at one of its times: whoever fires that tick, and however often, asks
     * for the same job.
     *
     * @param schedule names one schedule of all that there ever were
     */
    public static JobId scheduled(String schedule, Instant tick) {
        return derived("", "schedule/" + schedule + "/" + tick.toEpochMilli());
    }

    private static UUID uuid(long high, long low, int version) {
        return new UUID((high & ~0xF000L) | ((long) version << 12), (low & 0x3FFF_FFFF_FFFF_FFFFL) | (1L << 63));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
