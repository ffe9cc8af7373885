package dev.holdfast.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * A place for a file that a client puts to the bucket by itself.
 *
 * @param size announced, in bytes
 * @param sha256 announced, 64 hexadecimal digits
 * @param expiresAt the end of its URLs
 * @param parts how it is cut; empty when it is put as a whole
 */
public record Upload(
        String id,
        String tenant,
        String name,
        long size,
        Optional<String> sha256,
        Instant expiresAt,
        Optional<Parts> parts) {

    /**
     * A multipart upload of S3.
     *
     * @param s3UploadId how S3 names it
     * @param partBytes the size of each part but the last, which may be smaller
     */
    public record Parts(String s3UploadId, long partBytes) {}

    /** The same, cut into parts. */
    public Upload in(Parts cut) {
        return new Upload(id, tenant, name, size, sha256, expiresAt, Optional.of(cut));
    }

    /** Where the file lies in the bucket. */
    public String key() {
        return "uploads/" + tenant + "/" + id;
    }

    /** How many parts it has; 0 when it is put as a whole. */
    public int partCount() {
        return parts.map(cut -> Math.toIntExact((size + cut.partBytes() - 1) / cut.partBytes()))
                .orElse(0);
    }

    /** The bytes of a part, from 1. */
    public long partSize(int number) {
        var whole = parts.orElseThrow().partBytes();
        return Math.min(whole, size - (number - 1) * whole);
    }
}
