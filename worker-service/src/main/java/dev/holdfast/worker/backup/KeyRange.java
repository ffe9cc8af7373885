package dev.holdfast.worker.backup;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of a bucket that are greater than {@code after} and not greater than {@code last}; without that, all to the
 * end. Keys are ordered by their bytes in UTF-8, as S3 lists them.
 */
record KeyRange(String after, Optional<String> last) {

    static final KeyRange ALL = new KeyRange("", Optional.empty());

    boolean endsBefore(String key) {
        return last.isPresent() && compare(key, last.get()) > 0;
    }

    /** {@link String#compareTo} is another order for characters beyond U+FFFF. */
    static int compare(String key, String other) {
        return Arrays.compareUnsigned(key.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
