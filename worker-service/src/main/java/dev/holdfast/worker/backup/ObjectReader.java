package dev.holdfast.worker.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads the objects of a bucket, each in one version: the one that was listed, or the one that has taken its place.
 * What is cut short is read on from there. Thread-safe.
 */
final class ObjectReader {

    /** Larger ones are read when it is their turn, and not before. */
    static final int SMALL = 1 << 20;

    /** An object that is replaced each time it is read is left out after so many. */
    private static final int VERSIONS = 4;

    private static final int DENIED = 403;
    private static final int GONE = 404;
    private static final int REPLACED = 412;

    /** Not about the object: the next one would fare no better. */
    private static final Set<String> OF_THE_CALLER = Set.of(
            "ExpiredToken",
            "InvalidAccessKeyId",
            "InvalidToken",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "SlowDown",
            "RequestTimeout");

    private final Bucket bucket;

    ObjectReader(Bucket bucket) {
        this.bucket = bucket;
    }

    /** What came of reading an object. */
    sealed interface Read {
        /**
         * It is there.
         *
         * @param object the version that is read
         * @param replaced whether that is another one than was listed
         */
        record Open(Listed object, GetObjectResponse answer, InputStream content, boolean replaced) implements Read {}

        /** It will never be. */
        record Unreadable(String reason) implements Read {}
    }

    /**
     * Reads a small object whole, so that its content needs no connection any more.
     *
     * @return empty if it is larger than {@link #SMALL} by now
     */
    Optional<Read> whole(Listed listed) {
        for (var version = 1; ; version++) {
            var read = open(listed, version > 1);
            if (!(read instanceof Read.Open open)) return Optional.of(read);
            try (var content = open.content()) {
                var bytes = content.readNBytes(SMALL + 1);
                if (bytes.length > SMALL) return Optional.empty();
                return Optional.of(
                        new Read.Open(open.object(), open.answer(), new ByteArrayInputStream(bytes), open.replaced()));
            } catch (ObjectStream.ReplacedException again) {
                if (version == VERSIONS) return Optional.of(new Read.Unreadable("replaced each time it is read"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Begins to read an object of any size.
     *
     * @param newer whether the listed version is known to be gone
     */
    Read open(Listed listed, boolean newer) {
        try {
            return newer ? openWhateverIsThere(listed) : open(listed, listed, false);
        } catch (S3Exception e) {
            if (e.statusCode() == REPLACED && !newer) return open(listed, true);
            return unreadable(e);
        }
    }

    private Read openWhateverIsThere(Listed listed) {
        var answer = bucket.open(listed.key(), 0, Optional.empty());
        var response = answer.response();
        var there = new Listed(
                listed.key(),
                response.contentLength(),
                ObjectAttributes.bare(response.eTag()),
                ObjectAttributes.seconds(response.lastModified()));
        return new Read.Open(there, response, new ObjectStream(bucket, there, answer), !there.equals(listed));
    }

    private Read open(Listed listed, Listed version, boolean replaced) {
        var answer = bucket.open(listed.key(), 0, Optional.of(version.etag()));
        return new Read.Open(version, answer.response(), new ObjectStream(bucket, version, answer), replaced);
    }

    private static Read unreadable(S3Exception e) {
        var code = Optional.ofNullable(e.awsErrorDetails())
                .map(details -> details.errorCode())
                .orElse("");
        var itsOwn = e.statusCode() >= 400 && e.statusCode() < 500 && e.statusCode() != 429;
        if (!itsOwn || OF_THE_CALLER.contains(code)) throw e;
        return new Read.Unreadable(
                switch (e.statusCode()) {
                    case GONE -> "deleted after it was listed";
                    case DENIED -> code.equals("InvalidObjectState") ? "archived: restore it first" : "access denied";
                    default -> "the store answers " + e.statusCode() + " " + code;
                });
    }
}
