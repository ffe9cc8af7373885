package dev.holdfast.ingest.uploads;

import dev.holdfast.core.Range;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** How uploads are cut, and how long they stay. */
@Singleton
final class UploadLimits {

    /** Up to here a file is put as a whole. */
    static final long WHOLE_BYTES = 64L << 20;

    /** S3 allows 10,000 parts; the answer that names their URLs is to stay below 1 MB. */
    private static final int MAX_PARTS = 1_000;

    private static final long MIB = 1L << 20;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WEEK = Duration.ofDays(7);

    private final UploadsConfig config;

    /** Throws {@link IllegalArgumentException} naming a setting that is out of its range. */
    UploadLimits(UploadsConfig config) {
        check("holdfast.uploads.max-size", config.maxSize(), WHOLE_BYTES, 4L << 40);
        check("holdfast.uploads.part-size", config.partSize(), 5 * MIB, 4L << 30);
        Range.check("holdfast.uploads.url-lifetime", config.urlLifetime(), SECOND, WEEK);
        Range.check("holdfast.uploads.parts-lifetime", config.partsLifetime(), SECOND, WEEK);
        Range.check("holdfast.uploads.keep", config.keep(), SECOND, Duration.ofDays(365));
        Range.check("holdfast.uploads.sweep-every", config.sweepEvery(), SECOND, Duration.ofDays(1));
        this.config = config;
    }

    private static void check(String key, MemorySize size, long least, long most) {
        Range.check(key, size.asBigInteger(), BigInteger.valueOf(least), BigInteger.valueOf(most));
    }

    long maxBytes() {
        return config.maxSize().asLongValue();
    }

    boolean isWhole(long size) {
        return size <= WHOLE_BYTES;
    }

    /** The size of the parts of an upload of that size. */
    long partBytes(long size) {
        var fewest = (size + MAX_PARTS - 1) / MAX_PARTS;
        var wholeMibs = (fewest + MIB - 1) / MIB * MIB;
        return Math.max(config.partSize().asLongValue(), wholeMibs);
    }

    Duration lifetime(long size) {
        return isWhole(size) ? config.urlLifetime() : config.partsLifetime();
    }

    /** When an upload is looked at for the first time: parts that were not joined are not kept any longer. */
    Instant firstLook(long size, Instant expiresAt) {
        return expiresAt.plus(isWhole(size) ? config.keep() : shortWhile());
    }

    /** When an upload is swept that no job uses. */
    Instant end(Instant expiresAt) {
        return expiresAt.plus(config.keep());
    }

    Duration keep() {
        return config.keep();
    }

    /** Between two looks at an upload in use, and for what is still under way when URLs end. */
    Duration shortWhile() {
        var hour = Duration.ofHours(1);
        return config.keep().compareTo(hour) < 0 ? config.keep() : hour;
    }
}
