package dev.holdfast.ingest.schedules;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How schedules fire. */
@ConfigMapping(prefix = "holdfast.schedules")
public interface SchedulesConfig {

    /** How often each ingest process looks for schedules that are due. 1 s to 5 min. */
    @WithDefault("1s")
    Duration every();

    /** How often each ingest process looks for schedules that are overdue. 1 s to 1 h. */
    @WithDefault("15s")
    Duration overdueEvery();

    /** How often each ingest process looks how old the last backups of schedules are. 1 s to 1 h. */
    @WithDefault("1m")
    Duration agesEvery();
}
