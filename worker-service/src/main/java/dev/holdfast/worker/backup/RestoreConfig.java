package dev.holdfast.worker.backup;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Where restores may write. */
@ConfigMapping(prefix = "holdfast.restore")
public interface RestoreConfig {

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
