package dev.holdfast.repositories;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of a repository, as the catalogue knows it. Sizes are bytes.
 *
 * @param id 64 hexadecimal digits, as restic shows it
 * @param job the backup that made it
 * @param paths what was backed up
 * @param parent the snapshot that it was compared with
 * @param files how many are in it
 * @param bytes of all files in it
 * @param bytesAdded what of it the repository did not have
 * @param bytesStored what that took in the repository
 * @param tree the root directory: 64 hexadecimal digits; not known of snapshots from before the catalogue kept it
 */
public record Snapshot(
        String id,
        Instant time,
        String job,
        List<String> paths,
        List<String> tags,
        Optional<String> parent,
        long files,
        long bytes,
        long bytesAdded,
        long bytesStored,
        Optional<String> tree) {

    /** The same with its root directory. */
    public Snapshot withTree(String root) {
        return new Snapshot(
                id, time, job, paths, tags, parent, files, bytes, bytesAdded, bytesStored, Optional.of(root));
    }
}
