package dev.holdfast.restic;

import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.format.SnapshotSummary;
import java.util.List;

/**
 * A backup of which all is stored but the snapshot.
 *
 * @param added what the repository did not have
 * @param failures entries that could not be read and are not in it, at most 1 000 of them in words
 * @param failureCount how many there were
 */
public record PreparedBackup(
        Snapshot snapshot, SnapshotSummary summary, BlobWriter.Added added, List<String> failures, long failureCount) {
    public PreparedBackup {
        failures = List.copyOf(failures);
    }

    BackupResult stored(StoredSnapshot stored) {
        return new BackupResult(stored, summary, failures, failureCount);
    }
}
