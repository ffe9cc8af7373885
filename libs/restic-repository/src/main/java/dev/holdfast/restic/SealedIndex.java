package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;

/**
 * An index file ready to be stored. Sealing the same index again gives another file, and a pack must be in one only: a
 * writer that may be retried keeps these bytes and stores them again, which changes nothing.
 */
public record SealedIndex(Id id, ByteString sealed) {}
