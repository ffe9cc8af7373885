package dev.holdfast.repositories;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** How the keys of repositories are kept. */
@ConfigMapping(prefix = "holdfast.repositories")
public interface RepositoriesConfig {

    /** The KMS key (id, ARN or alias) that wraps the master keys of new repositories; wins over {@code key}. */
    Optional<String> kmsKey();

    /**
     * Wraps the master keys of repositories where there is no KMS: 32 random bytes in Base64. Whoever loses it still
     * has the recovery passwords. Without it, an installation that provisions itself uses a key that everybody knows.
     */
    Optional<String> key();
}
