package dev.holdfast.restic;

import java.time.Duration;

/**
 * How to prune.
 *
 * @param maxUnused how much of what stays may be unused, 0 to 0.99; restic's default is 0.05. 0 repacks every pack that
 *     has an unused blob
 * @param grace how long a pack stays after it was marked for deletion. Zero deletes at once. Longer, and a writer that
 *     began before still finds what it deduplicated against: the next prune takes such a pack back
 * @param dryRun only count
 */
public record PruneOptions(double maxUnused, Duration grace, boolean dryRun, WriterOptions writer) {
    public PruneOptions {
        if (!(maxUnused >= 0 && maxUnused <= 0.99)) throw new IllegalArgumentException("maxUnused " + maxUnused);
        if (grace.isNegative()) throw new IllegalArgumentException("grace " + grace);
    }

    /** 5 % may stay unused; deletes at once. */
    public static PruneOptions defaults() {
        return new PruneOptions(0.05, Duration.ZERO, false, WriterOptions.defaults());
    }

    public PruneOptions withMaxUnused(double share) {
        return new PruneOptions(share, grace, dryRun, writer);
    }

    public PruneOptions withGrace(Duration wait) {
        return new PruneOptions(maxUnused, wait, dryRun, writer);
    }

    public PruneOptions withDryRun() {
        return new PruneOptions(maxUnused, grace, true, writer);
    }
}
