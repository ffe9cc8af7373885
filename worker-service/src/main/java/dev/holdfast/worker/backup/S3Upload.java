package dev.holdfast.worker.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Writes an object of unknown length: in one PUT if it is small, else in parts of 8 MiB, later ones larger, so that 641
 * GB fit. There is no object until {@link #complete}. Fails with an {@link SdkException}. For one thread at a time.
 */
final class S3Upload extends OutputStream {

    private static final int PART = 8 << 20;
    private static final int LARGE_PART = 8 * PART;

    /** So many parts are small. */
    private static final int SMALL_PARTS = 500;

    /** The S3 limit. */
    private static final int MOST_PARTS = 10_000;

    /** What fits into all the parts that S3 takes. */
    static final long LARGEST_BYTES = (long) SMALL_PARTS * PART + (long) (MOST_PARTS - SMALL_PARTS) * LARGE_PART;

    private final S3Client s3;
    private final String bucket;
    private final NewObject object;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[64 * 1024];
    private int filled;
    private long written;
    private String upload = "";

    S3Upload(S3Client s3, String bucket, NewObject object) {
        this.s3 = s3;
        this.bucket = bucket;
        this.object = object;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ensureRoom(length);
        written += length;
        var from = offset;
        var left = length;
        while (left > 0) {
            if (filled == partSize()) sendPart();
            makeRoom(left);
            var count = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    /** Throws an {@link IOException} if so many bytes more do not fit: to be asked before they are sent. */
    void ensureRoom(long bytes) throws IOException {
        if (bytes > LARGEST_BYTES - written) {
            throw new IOException("an object would be larger than " + LARGEST_BYTES + " bytes");
        }
    }

    private int partSize() {
        return partSize(parts.size());
    }

    static int partSize(int partsBefore) {
        return partsBefore < SMALL_PARTS ? PART : LARGE_PART;
    }

    private void makeRoom(int wanted) {
        if (buffer.length - filled >= wanted || buffer.length == partSize()) return;
        var needed = (int) Math.min(partSize(), Math.max(2L * buffer.length, (long) filled + wanted));
        buffer = Arrays.copyOf(buffer, needed);
    }

    private void sendPart() {
        if (upload.isEmpty()) {
            upload = s3.createMultipartUpload(create -> create.bucket(bucket)
                            .key(object.key())
                            .contentType(object.contentType().orElse(null))
                            .metadata(object.metadata()))
                    .uploadId();
        }
        var number = parts.size() + 1;
        var sent = s3.uploadPart(
                part -> part.bucket(bucket).key(object.key()).uploadId(upload).partNumber(number), content());
        parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
        filled = 0;
    }

    private RequestBody content() {
        return RequestBody.fromBytes(Arrays.copyOf(buffer, filled));
    }

    /** Whether nothing was sent yet, so that one request makes the object. */
    boolean isSmall() {
        return upload.isEmpty();
    }

    /** What was written and not sent yet. */
    int filledBytes() {
        return filled;
    }

    /** Makes the object of what was written. */
    void complete() {
        if (upload.isEmpty()) {
            s3.putObject(
                    put -> put.bucket(bucket)
                            .key(object.key())
                            .contentType(object.contentType().orElse(null))
                            .metadata(object.metadata()),
                    content());
            return;
        }
        if (filled > 0) sendPart();
        s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                .key(object.key())
                .uploadId(upload)
                .multipartUpload(whole -> whole.parts(parts)));
        upload = "";
    }

    /** Takes back what was sent, unless it was completed. */
    void abandon() {
        if (upload.isEmpty()) return;
        try {
            s3.abortMultipartUpload(
                    abort -> abort.bucket(bucket).key(object.key()).uploadId(upload));
        } catch (SdkException unreachable) {
            // the bucket's lifecycle takes it back in a day
        }
    }
}
