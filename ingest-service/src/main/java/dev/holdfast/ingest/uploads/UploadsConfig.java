package dev.holdfast.ingest.uploads;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be uploaded, and how long it stays. */
@ConfigMapping(prefix = "holdfast.uploads")
public interface UploadsConfig {

    /** The largest upload. 64M to 4T. */
    @WithDefault("50G")
    MemorySize maxSize();

    /**
     * The size of the parts of an upload of more than 64 MiB; larger ones where there were more than 1,000 otherwise.
     * 5M to 4G (S3 takes 5 MiB to 5 GiB).
     */
    @WithDefault("64M")
    MemorySize partSize();

    /** How long the URL of an upload is good that is put as a whole. 1 s to 7 days (the limit of S3). */
    @WithDefault("1h")
    Duration urlLifetime();

    /** How long the URLs of parts are good. 1 s to 7 days (the limit of S3). */
    @WithDefault("12h")
    Duration partsLifetime();

    /** How long an upload that no job uses is kept after its URLs have ended. 1 s to 365 days. */
    @WithDefault("7d")
    Duration keep();

    /** How often uploads are swept; one ingest process at a time does. 1 s to 1 day. */
    @WithDefault("10m")
    Duration sweepEvery();
}
