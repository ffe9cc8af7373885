package dev.holdfast.aws;

/** Holdfast's own bucket by its name. */
public record OwnBucket(String name) {}
