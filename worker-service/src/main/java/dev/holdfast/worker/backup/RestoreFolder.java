package dev.holdfast.worker.backup;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The folder that a restore makes below a root of the operator's, and the folder beside it where it grows. There is
 * nothing at its place until it is whole. No symbolic link is followed on the way to it.
 */
record RestoreFolder(Path root, Path place) {

    private static final String GROWING = ".holdfast-restore-";

    /** It cannot be made there, now or ever. */
    static final class UnusableException extends IOException {
        UnusableException(String message) {
            super(message);
        }
    }

    /**
     * Makes the folders on the way to the place.
     *
     * @throws UnusableException when one of these is something else, or a link
     */
    void prepare() throws IOException {
        var way = root.toRealPath();
        for (var name : root.relativize(parent())) {
            if (name.toString().isEmpty()) continue;
            way = way.resolve(name);
            if (Files.isDirectory(way, LinkOption.NOFOLLOW_LINKS)) continue;
            if (Files.exists(way, LinkOption.NOFOLLOW_LINKS)) throw new UnusableException(way + " is no folder");
            Files.createDirectory(way);
        }
    }

    /** Whether something is at the place, be it an empty folder or a link. */
    boolean isTaken() throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) return false;
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) return true;
        try (var entries = Files.list(place)) {
            return entries.findAny().isPresent();
        }
    }

    /** Where it grows, for one run of a job. */
    Path growing(String run) {
        return parent().resolve(GROWING + run);
    }

    /** Removes what earlier runs of a job left, whose names begin so. */
    void removeGrowing(String job) throws IOException {
        try (var beside = Files.newDirectoryStream(parent(), GROWING + job + "*")) {
            for (var left : beside) remove(left);
        }
    }

    /** Puts what has grown at its place. */
    void take(Path grown) throws IOException {
        try {
            Files.move(grown, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException refused) {
            if (isTaken()) throw new UnusableException(place + " is not empty");
            throw refused;
        }
    }

    /** Removes a folder with all that is in it, if it is there; links are not followed. */
    static void remove(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.setAttribute(path, "unix:mode", 0700); // a restored folder may be closed to its owner
            try (var entries = Files.list(path)) {
                for (var entry : entries.toList()) remove(entry);
            }
        }
        Files.deleteIfExists(path);
    }

    private Path parent() {
        var parent = place.getParent();
        if (parent == null) throw new IllegalStateException("a root is never a place");
        return parent;
    }
}
