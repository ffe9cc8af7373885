package dev.holdfast.worker.backup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How backups are worked off. */
@ConfigMapping(prefix = "holdfast.backup")
public interface BackupConfig {

    /**
     * Backups and restores that one worker process works on at the same time; each needs up to 100 MiB of heap. 1 to
     * 100.
     */
    @WithDefault("2")
    int atOnce();
}
