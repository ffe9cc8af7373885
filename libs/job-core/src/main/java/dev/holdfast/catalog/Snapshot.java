package dev.holdfast.catalog;

import java.time.Instant;
import java.util.List;

/**
 * A snapshot of a repository.
 *
 * @param id 64 hexadecimal digits
 * @param job the backup that made it
 */
public record Snapshot(String id, Instant time, String job, List<String> tags, List<File> files) {

    /**
     * A file in it.
     *
     * @param size in bytes
     * @param sha256 of its content, 64 hexadecimal digits
     */
    public record File(String path, long size, String sha256) {}

    /** Bytes of all files. */
    public long size() {
        return files.stream().mapToLong(File::size).sum();
    }
}
