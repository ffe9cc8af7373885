package dev.holdfast.repositories;

import java.time.Instant;

/**
 * How the last check or drill of a repository ended.
 *
 * @param job the job that did it
 * @param what it read: {@code none}, {@code checksums}, {@code sample} or {@code all}; of a drill, the snapshot
 * @param errors how many it found
 */
public record CheckRecord(Instant at, String job, String what, long errors) {}
