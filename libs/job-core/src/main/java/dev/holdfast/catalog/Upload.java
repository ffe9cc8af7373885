package dev.holdfast.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * A place for a file that a client puts to the bucket by itself.
 *
 * @param size announced, in bytes
 * @param sha256 announced, 64 hexadecimal digits
 * @param expiresAt the end of the URL; the file itself is swept after a week
 */
public record Upload(String id, String tenant, String name, long size, Optional<String> sha256, Instant expiresAt) {

    /** Where the file lies in the bucket. */
    public String key() {
        return "uploads/" + tenant + "/" + id;
    }
}
