package dev.holdfast.ingest.uploads;

import dev.holdfast.catalog.Upload;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.resources.ResourcesConfig;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Where uploads lie. */
@Singleton
final class UploadBucket {

    /** So many parts are named when some are missing. */
    private static final int NAMED = 10;

    private final S3Client s3;
    private final S3Presigner presigner;
    private final String bucket;

    UploadBucket(S3Client s3, S3Presigner presigner, ResourcesConfig resources) {
        this.s3 = s3;
        this.presigner = presigner;
        this.bucket = resources.bucket();
    }

    /** A URL, and the headers to send to it. */
    record Target(URI url, Map<String, String> headers) {

        private static Target of(PresignedRequest presigned) {
            var headers = new TreeMap<String, String>();
            presigned.signedHeaders().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("host")) headers.put(name.toLowerCase(Locale.ROOT), values.getFirst());
            });
            return new Target(URI.create(presigned.url().toString()), headers);
        }
    }

    /** Where to put the file as a whole. With a SHA-256, S3 refuses any other content. */
    Target whole(Upload upload, Duration lifetime) {
        return Target.of(presigner.presignPutObject(presign -> presign.signatureDuration(lifetime)
                .putObjectRequest(put -> {
                    put.bucket(bucket).key(upload.key()).contentLength(upload.size());
                    upload.sha256()
                            .ifPresent(hex -> put.checksumSHA256(Base64.getEncoder()
                                    .encodeToString(HexFormat.of().parseHex(hex))));
                })));
    }

    /** Begins a multipart upload, and returns what S3 names it. */
    String begin(String key) {
        return s3.createMultipartUpload(create -> create.bucket(bucket).key(key))
                .uploadId();
    }

    /** Where to put a part, from 1. */
    Target part(Upload upload, int number, Duration lifetime) {
        return Target.of(presigner.presignUploadPart(presign -> presign.signatureDuration(lifetime)
                .uploadPartRequest(put -> put.bucket(bucket)
                        .key(upload.key())
                        .uploadId(upload.parts().orElseThrow().s3UploadId())
                        .partNumber(number)
                        .contentLength(upload.partSize(number)))));
    }

    /**
     * Makes one file of the parts; a problem 409 when some are missing. Called again after it succeeded, it does
     * nothing.
     */
    void join(Upload upload) {
        var s3UploadId = upload.parts().orElseThrow().s3UploadId();
        try {
            var there = s3
                    .listPartsPaginator(
                            list -> list.bucket(bucket).key(upload.key()).uploadId(s3UploadId))
                    .parts()
                    .stream()
                    .collect(Collectors.toMap(Part::partNumber, Function.identity()));
            check(upload, there);
            var parts = there.values().stream()
                    .map(part -> CompletedPart.builder()
                            .partNumber(part.partNumber())
                            .eTag(part.eTag())
                            .build())
                    .sorted((one, other) -> Integer.compare(one.partNumber(), other.partNumber()))
                    .toList();
            s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                    .key(upload.key())
                    .uploadId(s3UploadId)
                    .multipartUpload(whole -> whole.parts(parts)));
        } catch (NoSuchUploadException joined) {
            // by a call whose answer got lost; the size tells whether it is so
        }
    }

    private static void check(Upload upload, Map<Integer, Part> there) {
        var faults = new ArrayList<String>();
        var missing = IntStream.rangeClosed(1, upload.partCount())
                .filter(number -> !there.containsKey(number))
                .boxed()
                .toList();
        if (!missing.isEmpty()) faults.add(named(missing) + " not there");
        there.values().stream()
                .filter(part ->
                        part.partNumber() <= upload.partCount() && part.size() != upload.partSize(part.partNumber()))
                .limit(NAMED)
                .forEach(part -> faults.add("part %d has %d bytes and not %d"
                        .formatted(part.partNumber(), part.size(), upload.partSize(part.partNumber()))));
        if (!faults.isEmpty()) throw ProblemException.conflict(String.join("; ", faults) + ".");
    }

    private static String named(List<Integer> numbers) {
        var first = numbers.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "));
        var more = numbers.size() > NAMED ? " and %d more are".formatted(numbers.size() - NAMED) : " are";
        return "parts " + first + more;
    }

    /** The size of the file; empty when there is none. */
    OptionalLong size(Upload upload) {
        try {
            return OptionalLong.of(
                    s3.headObject(head -> head.bucket(bucket).key(upload.key())).contentLength());
        } catch (NoSuchKeyException none) {
            return OptionalLong.empty();
        }
    }

    /** Removes the file, and parts that were not joined. Does nothing when there is nothing. */
    void remove(Upload upload) {
        upload.parts().ifPresent(parts -> abort(upload.key(), parts.s3UploadId()));
        s3.deleteObject(delete -> delete.bucket(bucket).key(upload.key()));
    }

    private void abort(String key, String s3UploadId) {
        try {
            s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(s3UploadId));
        } catch (NoSuchUploadException ended) {
            // joined or aborted before
        }
    }
}
