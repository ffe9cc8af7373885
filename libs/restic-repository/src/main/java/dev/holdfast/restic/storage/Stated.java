package dev.holdfast.restic.storage;

import dev.holdfast.restic.format.Id;
import java.util.Optional;

/**
 * What a store says of an object without sending it.
 *
 * @param sha256 of all its bytes, as the store has computed or verified it when the object came; empty if it keeps none
 */
public record Stated(long sizeBytes, Optional<Id> sha256) {
    public Stated {
        if (sizeBytes < 0) throw new IllegalArgumentException("size must not be negative, was " + sizeBytes);
    }
}
