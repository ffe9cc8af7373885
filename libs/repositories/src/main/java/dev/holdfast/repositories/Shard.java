package dev.holdfast.repositories;

import dev.holdfast.job.JobPayload.BackupShard;
import dev.holdfast.job.JobResult;
import java.util.Optional;

/**
 * A part of a backup that is stored.
 *
 * @param after its keys are greater than this one
 * @param last and not greater than this one; empty: all to the end
 * @param piece what of that last object is this part; empty: all of all objects
 * @param manifest names the object that says what is in it
 */
public record Shard(
        String after,
        Optional<String> last,
        Optional<BackupShard.Piece> piece,
        String manifest,
        JobResult.ShardStored result) {}
