package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import dev.holdfast.restic.LocalSource;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.format.Node;
import dev.holdfast.worker.backup.Sources.Found;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the folders of the worker that are backed up: those below the operator's roots, whatever links say. */
@Singleton
final class Folders {

    private final Roots roots;

    Folders(BackupConfig config) {
        this.roots = Roots.of("holdfast.backup.roots", config.roots());
    }

    Found find(BackupSource.Path source, Excludes excludes) throws IOException {
        var named = roots.allowed(source.path());
        if (named.isEmpty()) {
            return new Found.Unusable("path-not-allowed", "The operator allows no backups of " + source.path() + ".");
        }
        var path = named.get().path();
        try {
            var folder = LocalSource.open(
                    named.get().root(), named.get().below(), (below, entry) -> takes(path, below, entry, excludes));
            return new Found.Source(folder.root(), List.of(path.toString()), 0, false, folder);
        } catch (NoSuchFileException none) {
            return new Found.Unusable("path-not-found", "There is no folder " + path + " on the worker.");
        } catch (AccessDeniedException closed) {
            return new Found.Unusable("source-unreadable", "The worker may not read " + closed.getFile() + ".");
        } catch (LocalSource.NoFolderException other) {
            return new Found.Unusable("path-not-allowed", other.getMessage() + ".");
        }
    }

    private static boolean takes(Path folder, Path below, SourceEntry entry, Excludes excludes) {
        var shown = folder.resolve(below).toString();
        if (excludes.excludes(below, shown)) return false;
        var special = entry instanceof SourceOther other ? special(other.kind()) : Optional.<String>empty();
        special.ifPresent(what -> excludes.skip(shown, what));
        return special.isEmpty();
    }

    /** What has no content, and could not be restored by Holdfast. */
    private static Optional<String> special(Node.Kind kind) {
        return switch (kind) {
            case Node.Device _ -> Optional.of("a device");
            case Node.Fifo _ -> Optional.of("a pipe");
            case Node.Socket _ -> Optional.of("a socket");
            case Node.File _, Node.Directory _, Node.Symlink _ -> Optional.empty();
        };
    }
}
