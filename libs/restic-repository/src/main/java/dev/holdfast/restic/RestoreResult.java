package dev.holdfast.restic;

import java.util.List;

/**
 * What a restore did.
 *
 * @param failures entries that are not there or not whole, at most 1 000 of them in words
 * @param failureCount how many there were
 */
public record RestoreResult(long files, long directories, long bytes, List<String> failures, long failureCount) {
    public RestoreResult {
        failures = List.copyOf(failures);
    }
}
