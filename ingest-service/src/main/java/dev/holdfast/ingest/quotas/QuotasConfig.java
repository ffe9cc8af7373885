package dev.holdfast.ingest.quotas;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The quotas of tenants for whom the operator has set none. */
@ConfigMapping(prefix = "holdfast.quotas")
public interface QuotasConfig {

    /** Requests per second in the long run; five seconds' worth may come at once. 1 to 100,000; none: no limit. */
    Optional<Integer> requestsPerSecond();

    /** Jobs that have not ended. 1 to 1,000,000; none: no limit. */
    Optional<Integer> openJobs();

    /** Bytes of jobs and uploads per day of UTC. From 1; none: no limit. */
    Optional<Long> bytesPerDay();
}
