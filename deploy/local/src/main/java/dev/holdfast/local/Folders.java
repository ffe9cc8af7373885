package dev.holdfast.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Folders for data and logs. */
public final class Folders {
    private Folders() {}

    /**
     * Creates a folder with its parents; one that exists stays as it is.
     *
     * @throws StartFailure if that is not possible
     */
    public static Path create(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StartFailure("cannot create the folder " + folder + ": " + e);
        }
    }

    /** Creates the folder that a file is to lie in, and returns it. */
    static Path createFor(Path file) {
        return create(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder"));
    }
}
