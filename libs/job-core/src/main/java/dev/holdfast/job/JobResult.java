package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What a succeeded job brought, by kind of job. Sizes are bytes. */
public sealed interface JobResult {

    /** A registration's: the user's id. */
    record Registered(@JsonProperty(required = true) String userId) implements JobResult {}

    /**
     * A backup's.
     *
     * @param bytesProcessed what was read from the source
     * @param bytesAdded what of it the repository did not have yet
     * @param bytesStored what that took in the repository
     * @param skipped what was left out, and why
     */
    record BackedUp(
            @JsonProperty(required = true) String snapshotId,
            @JsonProperty(required = true) long filesNew,
            @JsonProperty(required = true) long filesChanged,
            @JsonProperty(required = true) long filesUnmodified,
            @JsonProperty(required = true) long bytesProcessed,
            @JsonProperty(required = true) long bytesAdded,
            @JsonProperty(required = true) long bytesStored,
            @JsonProperty(required = true) double durationSeconds,
            @JsonProperty(required = true) List<Skipped> skipped)
            implements JobResult {

        /** A path that is not in the snapshot although the source has it. */
        public record Skipped(
                @JsonProperty(required = true) String path,
                @JsonProperty(required = true) String reason) {}
    }

    /**
     * What a part of a backup did.
     *
     * @param files how many are in it
     * @param bytes of all of them
     * @param filesRead how many had to be read, because they are new or have changed
     * @param bytesRead of these
     * @param filesReplaced how many were replaced after they had been listed; the newer ones were taken
     */
    record ShardStored(
            @JsonProperty(required = true) long files,
            @JsonProperty(required = true) long bytes,
            @JsonProperty(required = true) long filesRead,
            @JsonProperty(required = true) long bytesRead,
            @JsonProperty(required = true) long filesReplaced)
            implements JobResult {}

    /**
     * A restore's: how much came back.
     *
     * @param downloadUrl where to fetch it, if it was to be a download
     */
    record Restored(
            @JsonProperty(required = true) long files,
            @JsonProperty(required = true) long bytes,
            Optional<URI> downloadUrl)
            implements JobResult {}

    /**
     * What a part of a restore did.
     *
     * @param files how many came back
     * @param bytes of all of them
     * @param failures how many entries cannot be restored
     * @param firstFailure the first of these, and why
     */
    record ShardRestored(
            @JsonProperty(required = true) long files,
            @JsonProperty(required = true) long bytes,
            @JsonProperty(required = true) long failures,
            Optional<String> firstFailure)
            implements JobResult {}

    /**
     * A check's that found nothing wrong.
     *
     * @param packs how many there are
     * @param blobs how many pieces of data and directories are in them
     * @param errors empty: a check that finds some fails, and tells them in its error
     * @param vouchedFor how many packs the store keeps the right SHA-256 of, if it was asked
     * @param withoutChecksum how many it keeps none of, if it was asked
     */
    record Checked(
            @JsonProperty(required = true) long packs,
            @JsonProperty(required = true) long blobs,
            @JsonProperty(required = true) List<String> errors,
            Optional<Long> vouchedFor,
            Optional<Long> withoutChecksum)
            implements JobResult {}

    /** A forget's: how many snapshots stay, and how many went, or would go. */
    record Forgotten(
            @JsonProperty(required = true) long kept,
            @JsonProperty(required = true) long removed) implements JobResult {}

    /**
     * A prune's, or what it would be.
     *
     * @param packsDeleted how many packs went
     * @param packsRepacked those among them whose used part was written anew
     * @param bytesFreed the size of what went, less what was written anew
     */
    record Pruned(
            @JsonProperty(required = true) long packsDeleted,
            @JsonProperty(required = true) long packsRepacked,
            @JsonProperty(required = true) long bytesFreed)
            implements JobResult {}

    /**
     * A mirror's.
     *
     * @param objects how many the mirror has in common with the repository, all of it
     * @param objectsCopied those that it did not have before
     * @param resticUrl what {@code restic -r} takes; the password is the repository's
     */
    record Mirrored(
            @JsonProperty(required = true) long objects,
            @JsonProperty(required = true) long objectsCopied,
            @JsonProperty(required = true) long bytesCopied,
            @JsonProperty(required = true) String resticUrl)
            implements JobResult {}

    /** A drill's that found all as it was backed up: how many files and bytes of which snapshot came back. */
    record Drilled(
            @JsonProperty(required = true) String snapshotId,
            @JsonProperty(required = true) long files,
            @JsonProperty(required = true) long bytes)
            implements JobResult {}
}
