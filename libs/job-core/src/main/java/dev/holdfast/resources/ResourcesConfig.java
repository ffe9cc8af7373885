package dev.holdfast.resources;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which AWS resources belong to this installation. */
@ConfigMapping(prefix = "holdfast.resources")
public interface ResourcesConfig {

    /** Begins the name of every queue and table. Letters, digits and dashes, at most 40. */
    @WithDefault("holdfast-")
    String prefix();

    /** The bucket for uploads, records and backups. Bucket names are global: choose one of your own on AWS. */
    @WithDefault("holdfast-data")
    String bucket();

    /** Whether a service creates at start what is missing. For local use and tests; in production Terraform does it. */
    @WithDefault("false")
    boolean provision();
}
