package dev.holdfast.job;

/** How far a run has come: {@code done} of {@code total}, counted in {@code unit}s ({@code total} 0 = not known). */
public record Progress(long done, long total, String unit, String note) {}
