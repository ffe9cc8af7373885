package dev.holdfast.restic;

import dev.holdfast.restic.format.SnapshotSummary;
import java.util.List;

/**
 * A snapshot that was made.
 *
 * @param failures entries that could not be read and are not in it, at most 1 000 of them in words
 * @param failureCount how many there were
 */
public record BackupResult(StoredSnapshot snapshot, SnapshotSummary summary, List<String> failures, long failureCount) {
    public BackupResult {
        failures = List.copyOf(failures);
    }

    /** Whether something could not be read. */
    public boolean partial() {
        return failureCount > 0;
    }
}
