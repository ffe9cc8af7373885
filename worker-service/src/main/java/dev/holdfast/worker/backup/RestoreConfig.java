package dev.holdfast.worker.backup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Where restores may write, and how much one run does of them. */
@ConfigMapping(prefix = "holdfast.restore")
public interface RestoreConfig {

    /**
     * Files that one run restores into a bucket; a restore of more is shared out among the workers in parts of this
     * size. 10 to 100000.
     */
    @WithDefault("10000")
    int shardObjects();

    /** Bytes of them, unless a single file has more. 1048576 (1 MiB) to 1099511627776 (1 TiB). */
    @WithDefault("4294967296")
    long shardBytes();

    /**
     * Folders of the worker below which restores may make folders, such as {@code /mnt/restores}: absolute paths. All
     * tenants share them. None, unless set.
     */
    Optional<List<String>> roots();

    /**
     * Buckets of Holdfast's own endpoint that tenants may restore into without a connection, by Holdfast's own
     * credentials: as {@code holdfast.backup.buckets}, which does not open a bucket for restores. None, unless set.
     */
    Optional<List<String>> buckets();
}
