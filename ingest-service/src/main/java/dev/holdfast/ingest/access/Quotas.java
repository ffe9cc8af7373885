package dev.holdfast.ingest.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/**
 * How much a tenant may ask for. What is left out has no limit.
 *
 * @param requestsPerSecond in the long run, 1 to 100,000; five seconds' worth of them may come at once
 * @param openJobs jobs that have not ended, 1 to 1,000,000
 * @param bytesPerDay of the bodies of accepted jobs and of announced uploads together, per day of UTC; 1 to 2^50
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Quotas(
        Optional<@Min(1) @Max(100_000) Integer> requestsPerSecond,
        Optional<@Min(1) @Max(1_000_000) Integer> openJobs,
        Optional<@Min(1) @Max(1L << 50) Long> bytesPerDay) {

    /** No limits. */
    public static final Quotas NONE = new Quotas(Optional.empty(), Optional.empty(), Optional.empty());

    /** These, and where they leave something out, those. */
    public Quotas or(Quotas others) {
        return new Quotas(
                requestsPerSecond.or(others::requestsPerSecond),
                openJobs.or(others::openJobs),
                bytesPerDay.or(others::bytesPerDay));
    }
}
