package dev.holdfast.job;

import java.time.Instant;

/** One step in a job's life. {@code note} is empty when the state says it all. */
public record HistoryEntry(Instant at, JobState state, String note) {}
