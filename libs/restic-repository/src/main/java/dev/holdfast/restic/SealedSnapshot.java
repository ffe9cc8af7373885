package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;

/**
 * A snapshot ready to be stored. Sealing the same snapshot again gives other bytes and so a second snapshot: a writer
 * that may be retried keeps these bytes and stores them again, which changes nothing.
 */
public record SealedSnapshot(Id id, ByteString sealed) {}
