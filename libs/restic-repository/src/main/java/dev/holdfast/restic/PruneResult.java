package dev.holdfast.restic;

/**
 * What a prune did, or would do: numbers of packs.
 *
 * @param repacked whose used blobs were written anew
 * @param marked that no index refers to any more, and that a later prune deletes
 * @param revived that were marked, but are used
 * @param deleted whose file is gone
 * @param freedBytes the size of the deleted ones
 */
public record PruneResult(long repacked, long marked, long revived, long deleted, long freedBytes) {}
