package dev.holdfast.restic;

import dev.holdfast.restic.PreparedBackup.Failure;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.format.SnapshotSummary;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Counts while a backup runs. */
final class BackupTally {
    private static final int MAX_FAILURES = 1000;

    /** How an entry compares with the parent snapshot. */
    enum Change {
        NEW,
        CHANGED,
        UNMODIFIED
    }

    private final long[] files = new long[Change.values().length];
    private final long[] directories = new long[Change.values().length];
    private final List<Failure> failures = new ArrayList<>();
    private long failureCount;
    private long bytes;
    private boolean split;

    @SuppressWarnings("EnumOrdinal")
    void file(Change change, long sizeBytes) {
        files[change.ordinal()]++;
        bytes += sizeBytes;
    }

    @SuppressWarnings("EnumOrdinal")
    void directory(Change change) {
        directories[change.ordinal()]++;
    }

    void failure(String path, Exception e) {
        failureCount++;
        if (failures.size() < MAX_FAILURES) failures.add(new Failure(path, reason(e)));
    }

    /** For people; {@code path} need not be told again. */
    private static String reason(Exception e) {
        return switch (e) {
            case UncheckedIOException unchecked when unchecked.getCause() != null -> reason(unchecked.getCause());
            case AccessDeniedException _ -> "access denied";
            case NoSuchFileException _ -> "deleted after it was listed";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    void split() {
        split = true;
    }

    boolean wasSplit() {
        return split;
    }

    SnapshotSummary summary(Instant start, Instant end, BlobWriter.Added added) {
        return new SnapshotSummary(
                start,
                end,
                files[0],
                files[1],
                files[2],
                directories[0],
                directories[1],
                directories[2],
                added.dataBlobs(),
                added.treeBlobs(),
                added.plainBytes(),
                added.storedBytes(),
                files[0] + files[1] + files[2],
                bytes);
    }

    PreparedBackup result(Snapshot snapshot, SnapshotSummary summary, BlobWriter.Added added) {
        return new PreparedBackup(snapshot, summary, added, failures, failureCount);
    }
}
