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
}
