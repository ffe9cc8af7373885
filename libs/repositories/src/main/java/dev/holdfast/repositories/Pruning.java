package dev.holdfast.repositories;

import dev.holdfast.job.JobId;
import java.time.Instant;
import java.util.Set;

/**
 * How far the prune of a repository has come; see {@link dev.holdfast.restic.SharedPrune}.
 *
 * @param job whose prune it is
 * @param packs the object with the names of the packs that are condemned, or that are to be deleted; see
 *     {@link PackList}
 * @param waitsFor the jobs that must have ended before the next step
 * @param since when it began to wait for them
 * @param deleted how many packs are to go; known with the second step, as are {@code repacked} and {@code freedBytes}
 */
public record Pruning(
        JobId job,
        Step step,
        String packs,
        Set<JobId> waitsFor,
        Instant since,
        long deleted,
        long repacked,
        long freedBytes) {

    /** The last step that was done. */
    public enum Step {
        /** The packs are condemned; it is not known yet for which jobs to wait. */
        CONDEMNING,
        CONDEMNED,
        SWITCHED
    }

    public Pruning {
        waitsFor = Set.copyOf(waitsFor);
    }
}
