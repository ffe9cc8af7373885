package dev.holdfast.ingest.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.catalog.Upload;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UploadLimitsTest {

    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;

    private final UploadLimits limits = new UploadLimits(new SmallRyeConfigBuilder()
            .withMapping(UploadsConfig.class)
            .withConverter(
                    io.quarkus.runtime.configuration.MemorySize.class,
                    100,
                    new io.quarkus.runtime.configuration.MemorySizeConverter())
            .withConverter(java.time.Duration.class, 100, new io.quarkus.runtime.configuration.DurationConverter())
            .build()
            .getConfigMapping(UploadsConfig.class));

    @Test
    void fileOf64MiBIsPutAsAWholeAndALargerOneIsNot() {
        assertThat(limits.isWhole(64 * MIB)).isTrue();
        assertThat(limits.isWhole(64 * MIB + 1)).isFalse();
    }

    @Test
    void thereAreNeverMoreThanAThousandParts() {
        assertThat(cut(64 * MIB + 1).partCount()).isEqualTo(2);
        assertThat(cut(1_000 * 64 * MIB).partCount()).isEqualTo(1_000);
        assertThat(cut(1_000 * 64 * MIB + 1).parts().orElseThrow().partBytes()).isEqualTo(65 * MIB);
        assertThat(cut(4 * TIB).partCount()).isBetween(990, 1_000);
    }

    @Test
    void lastPartIsWhatIsLeft() {
        var upload = cut(64 * MIB + 1);

        assertThat(upload.partSize(1)).isEqualTo(64 * MIB);
        assertThat(upload.partSize(2)).isEqualTo(1);
        assertThat(cut(128 * MIB).partSize(2)).isEqualTo(64 * MIB);
    }

    private Upload cut(long size) {
        var parts = new Upload.Parts("s3", limits.partBytes(size));
        return new Upload("id", "tenant", "name", size, Optional.empty(), Instant.EPOCH, Optional.of(parts));
    }
}
