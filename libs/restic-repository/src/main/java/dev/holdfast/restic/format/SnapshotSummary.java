package dev.holdfast.restic.format;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** What a backup did: counts, and sizes in bytes. {@code dataAddedPacked} is what was stored of {@code dataAdded}. */
public record SnapshotSummary(
        Instant backupStart,
        Instant backupEnd,
        long filesNew,
        long filesChanged,
        long filesUnmodified,
        long dirsNew,
        long dirsChanged,
        long dirsUnmodified,
        long dataBlobs,
        long treeBlobs,
        long dataAdded,
        long dataAddedPacked,
        long totalFilesProcessed,
        long totalBytesProcessed) {

    void write(CanonicalJson json) {
        json.open('{').field("backup_start", backupStart).field("backup_end", backupEnd);
        json.field("files_new", filesNew).field("files_changed", filesChanged);
        json.field("files_unmodified", filesUnmodified);
        json.field("dirs_new", dirsNew).field("dirs_changed", dirsChanged).field("dirs_unmodified", dirsUnmodified);
        json.field("data_blobs", dataBlobs).field("tree_blobs", treeBlobs);
        json.field("data_added", dataAdded).field("data_added_packed", dataAddedPacked);
        json.field("total_files_processed", totalFilesProcessed);
        json.field("total_bytes_processed", totalBytesProcessed).close('}');
    }

    static Optional<SnapshotSummary> read(JsonIn in) throws IOException {
        if (in.isNull()) return Optional.empty();
        var times = new Instant[] {Instant.EPOCH, Instant.EPOCH};
        var n = new long[12];
        in.object((name, value) -> {
            switch (name) {
                case "backup_start" -> times[0] = Times.parse(value.string()).toInstant();
                case "backup_end" -> times[1] = Times.parse(value.string()).toInstant();
                case "files_new" -> n[0] = value.unsigned();
                case "files_changed" -> n[1] = value.unsigned();
                case "files_unmodified" -> n[2] = value.unsigned();
                case "dirs_new" -> n[3] = value.unsigned();
                case "dirs_changed" -> n[4] = value.unsigned();
                case "dirs_unmodified" -> n[5] = value.unsigned();
                case "data_blobs" -> n[6] = value.unsigned();
                case "tree_blobs" -> n[7] = value.unsigned();
                case "data_added" -> n[8] = value.unsigned();
                case "data_added_packed" -> n[9] = value.unsigned();
                case "total_files_processed" -> n[10] = value.unsigned();
                case "total_bytes_processed" -> n[11] = value.unsigned();
                default -> value.skip();
            }
        });
        return Optional.of(new SnapshotSummary(
                times[0], times[1], n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]));
    }
}
