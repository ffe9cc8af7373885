package dev.holdfast.worker.backup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How backups are worked off. */
@ConfigMapping(prefix = "holdfast.backup")
public interface BackupConfig {

    /**
     * Backups and restores that one worker process works on at the same time; each needs up to 100 MiB of heap. 1 to
     * 100.
     */
    @WithDefault("2")
    int atOnce();

    /**
     * Objects of a bucket that one run stores; a bucket with more is shared out among the workers in parts of this
     * size. 10 to 100000.
     */
    @WithDefault("10000")
    int shardObjects();

    /** Bytes of them, unless a single object has more. 1048576 (1 MiB) to 1099511627776 (1 TiB). */
    @WithDefault("4294967296")
    long shardBytes();

    /**
     * An object of four times as many bytes is stored in pieces of this size, by as many runs. 1048576 (1 MiB) to
     * 1099511627776 (1 TiB).
     */
    @WithDefault("1073741824")
    long pieceBytes();

    /** How long a run works on its part before it leaves the rest of it to others. 1 s to 6 h. */
    @WithDefault("10m")
    Duration shardTime();

    /**
     * Whether the directories of snapshots are kept in the catalogue, for browsing without opening the repository.
     * Costs a write unit for each 30 entries, or so, of directories that have changed.
     */
    @WithDefault("true")
    boolean browse();

    /**
     * How long the logs of jobs stay beside their repository; older ones go when a {@code forget} or {@code prune} of
     * it has done its work. 1 h to 3650 d.
     */
    @WithDefault("90d")
    Duration keepLogs();

    /**
     * Names of the DynamoDB tables, of Holdfast's own account and region, that backups of all tenants may read; none of
     * Holdfast's own. None, unless set.
     */
    Optional<List<String>> tables();

    /**
     * Folders of the worker which tenants may back up, or parts of them, such as {@code /mnt/shares}: absolute paths
     * that no symbolic link is a part of. All tenants share them. None, unless set.
     */
    Optional<List<String>> roots();

    /**
     * Buckets of Holdfast's own endpoint that tenants may back up without a connection, by Holdfast's own credentials:
     * names, such as {@code exports}; with what the keys must begin with, as {@code exports/2026/}; for one tenant
     * alone, as {@code acme:exports}. Never Holdfast's own. None, unless set.
     */
    Optional<List<String>> buckets();
}
