package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Snapshot;

/** A snapshot with the name of its object. */
public record StoredSnapshot(Id id, Snapshot snapshot) {}
