package dev.holdfast.worker.backup;

import java.time.Instant;

/**
 * An object as its bucket lists it.
 *
 * @param etag without quotation marks
 * @param modified in whole seconds, which is all that a GET tells
 */
record Listed(String key, long sizeBytes, String etag, Instant modified) {

    /** Whether it stands for a folder, as consoles make them: a key with a slash at its end, and no content. */
    boolean standsForFolder() {
        return key.endsWith("/") && sizeBytes == 0;
    }
}
