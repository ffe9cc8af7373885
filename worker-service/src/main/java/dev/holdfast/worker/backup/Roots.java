package dev.holdfast.worker.backup;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Folders of the worker below which tenants may name others. */
record Roots(List<Path> folders) {

    /** Throws {@link IllegalArgumentException} naming the setting when one of them is out of form. */
    static Roots of(String key, Optional<List<String>> configured) {
        var folders = configured.orElseGet(List::of).stream()
                .map(text -> Path.of(text.strip()))
                .toList();
        for (var folder : folders) {
            if (!folder.isAbsolute() || !folder.equals(folder.normalize())) {
                throw new IllegalArgumentException(key + " must be absolute, without ..: " + folder);
            }
        }
        return new Roots(folders);
    }

    /**
     * A folder that a tenant names.
     *
     * @param root the one that it is below, or that it is
     */
    record Named(Path root, Path path) {
        boolean isRoot() {
            return path.equals(root);
        }

        Path below() {
            return root.relativize(path);
        }
    }

    /** The folder, if it is allowed; links are not looked at here. */
    Optional<Named> allowed(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return folders.stream()
                .filter(root -> path.equals(path.normalize()) && path.startsWith(root))
                .findFirst()
                .map(root -> new Named(root, path));
    }
}
