package dev.holdfast.restic;

import java.util.List;
import java.util.Optional;

/**
 * What a restore did.
 *
 * @param failures entries that are not there or not whole, at most 1 000 of them in words
 * @param failureCount how many there were
 * @param damage the first of them that is the fault of the repository, which lacks data or has it damaged
 */
public record RestoreResult(
        long files, long directories, long bytes, List<String> failures, long failureCount, Optional<String> damage) {

    public RestoreResult {
        failures = List.copyOf(failures);
    }
}
