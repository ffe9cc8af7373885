package dev.holdfast.restic;

import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.format.Id;
import java.util.List;
import java.util.Optional;

/**
 * What to back up.
 *
 * @param root the root of the snapshot; its own name and attributes are not stored
 * @param paths what people see as the source; {@code forget} groups by hostname and these, so keep both constant
 * @param parent the snapshot to compare with; without one, everything is read
 * @param lock whether to take a shared lock; false only if somebody else holds one for us
 */
public record BackupRequest(
        SourceDirectory root,
        List<String> paths,
        String hostname,
        List<String> tags,
        Optional<Id> parent,
        boolean lock,
        WriterOptions options) {

    public BackupRequest {
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
    }

    /** Locked, without tags, compared with the newest snapshot of this host and these paths. */
    public static BackupRequest of(SourceDirectory root, List<String> paths, Repository repository) {
        var hostname = repository.environment().hostname();
        var parent = repository.latest(hostname, paths).map(StoredSnapshot::id);
        return new BackupRequest(root, paths, hostname, List.of(), parent, true, WriterOptions.defaults());
    }

    public BackupRequest withTags(List<String> labels) {
        return new BackupRequest(root, paths, hostname, labels, parent, lock, options);
    }

    public BackupRequest withOptions(WriterOptions wanted) {
        return new BackupRequest(root, paths, hostname, tags, parent, lock, wanted);
    }
}
