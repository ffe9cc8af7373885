package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;

/** A lock object ready to be stored. */
public record SealedLock(Id id, ByteString sealed) {}
