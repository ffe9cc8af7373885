/**
 * What the stored bytes mean: names, blobs, packs, index, trees, snapshots, locks, keys, config (sections 1 and 3 to
 * 11). Every length, count and offset is checked before it is used. Reads and writes no storage.
 */
@NullMarked
package dev.holdfast.restic.format;

import org.jspecify.annotations.NullMarked;
