package dev.holdfast.repositories;

import dev.holdfast.job.JobResult;

/**
 * The end of a backup, decided once: a run that repeats it stores the same bytes, and reports the same result.
 *
 * @param sealed the snapshot object in Base64: sealed again, it would be another snapshot
 */
public record SealedBackup(String sealed, Snapshot snapshot, JobResult.BackedUp result) {}
