package dev.holdfast.worker.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The content of one version of an object, or a stretch of it, read on where a connection has broken. */
final class ObjectStream extends FilterInputStream {

    /** Connections that may break for one object. */
    private static final int BREAKS = 5;

    private static final int REPLACED = 412;

    private final Bucket bucket;
    private final Listed object;
    private final long end;
    private long position;
    private int breaks;

    ObjectStream(Bucket bucket, Listed object, ResponseInputStream<GetObjectResponse> begun) {
        this(bucket, object, begun, 0, Long.MAX_VALUE);
    }

    /** {@code from}: the first byte, with which it has begun; {@code end}: the byte after the last one. */
    ObjectStream(Bucket bucket, Listed object, ResponseInputStream<GetObjectResponse> begun, long from, long end) {
        super(begun);
        this.bucket = bucket;
        this.object = object;
        this.position = from;
        this.end = end;
    }

    /** The version of which a part was read is there no more. */
    static final class ReplacedException extends IOException {
        private ReplacedException() {
            super("replaced while it was read");
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            try {
                if (position >= end) return -1;
                var count = in.read(bytes, offset, (int) Math.min(length, end - position));
                if (count < 0 && position < object.sizeBytes()) throw new IOException("cut short");
                position += Math.max(0, count);
                return count;
            } catch (IOException broken) {
                if (++breaks > BREAKS) throw new IOException("cannot read " + object.key() + " to its end", broken);
                goOn();
            }
        }
    }

    private void goOn() throws IOException {
        abort(in);
        try {
            in = bucket.open(object.key(), position, Optional.of(object.etag()));
        } catch (S3Exception e) {
            if (e.statusCode() == REPLACED || e.statusCode() == 404) throw new ReplacedException();
            throw new IOException(e);
        } catch (SdkException e) {
            throw new IOException(e);
        }
    }

    /** What is left of the content is not fetched. */
    private static void abort(InputStream in) {
        if (in instanceof ResponseInputStream<?> response) response.abort();
    }

    @Override
    public void close() throws IOException {
        if (position != object.sizeBytes()) abort(in); // of one that is longer than it should be, more may come
        else super.close();
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
