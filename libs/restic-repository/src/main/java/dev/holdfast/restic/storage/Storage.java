package dev.holdfast.restic.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A flat store of immutable objects. Keys are relative to the repository and use slashes: {@code config},
 * {@code snapshots/<64 hex>}, {@code data/<2 hex>/<64 hex>} (format section 1).
 *
 * <p>All methods block, may be called by several threads at once, and throw an {@link IOException} that says which key
 * failed. Retrying is the business of the implementation: an exception here ends the operation of the caller.
 */
public interface Storage {
    /**
     * Calls {@code visitor} for every object whose key starts with {@code folder + "/"}, in any order, at any depth. An
     * object that is written or deleted meanwhile may be seen or not. A folder that does not exist is empty.
     */
    void list(String folder, Consumer<StoredObject> visitor) throws IOException;

    /**
     * Reads {@code length} bytes from {@code offset}. The result is shorter only when the object ends before that.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such object
     */
    byte[] get(String key, long offset, int length) throws IOException;

    /** The size in bytes of the object, or -1 if there is none. */
    long size(String key) throws IOException;

    /**
     * What the store says of the object, in one call that does not send it; empty if there is none. This one is for
     * stores that keep no checksums.
     */
    default Optional<Stated> stated(String key) throws IOException {
        long size = size(key);
        return size < 0 ? Optional.empty() : Optional.of(new Stated(size, Optional.empty()));
    }

    /**
     * Stores an object durably: after the return it survives a crash, and no reader ever sees a part of it.
     *
     * @return false if the key existed already; then nothing is changed
     */
    boolean putIfAbsent(String key, Content content) throws IOException;

    /** Deletes the objects; one that does not exist is not an error. */
    void delete(List<String> keys) throws IOException;
}
