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
        Snapshot snapshot, SnapshotSummary summary, BlobWriter.Added added, List<Failure> failures, long failureCount) {

    /** An entry that could not be read. */
    public record Failure(String path, String reason) {
        @Override
        public String toString() {
            return path + ": " + reason;
        }
    }

    public PreparedBackup {
        failures = List.copyOf(failures);
    }

    BackupResult stored(StoredSnapshot stored) {
        return new BackupResult(
                stored, summary, failures.stream().map(Failure::toString).toList(), failureCount);
    }

    /** The same with one more tag on the snapshot. */
    public PreparedBackup tagged(String tag) {
        return new PreparedBackup(snapshot.tagged(tag), summary, added, failures, failureCount);
    }
}
