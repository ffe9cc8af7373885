package dev.holdfast.worker;

import dev.holdfast.job.Lane;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;

/** What this worker does. */
@ConfigMapping(prefix = "holdfast.worker")
public interface WorkerConfig {

    /** The lanes that this worker serves: {@code quick}, {@code bulk}, or both. Each has its own slots. */
    @WithDefault("quick,bulk")
    Set<Lane> lanes();
}
