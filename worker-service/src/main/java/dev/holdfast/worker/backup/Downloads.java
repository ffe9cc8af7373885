package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.resources.ResourcesConfig;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Where restored data waits to be fetched: an object of the job's own, which the bucket's lifecycle sweeps. */
@Singleton
final class Downloads {

    private static final Duration URL_LIFETIME = Duration.ofHours(24);

    private final S3Client s3;
    private final S3Presigner presigner;
    private final String bucket;

    Downloads(S3Client s3, S3Presigner presigner, ResourcesConfig resources) {
        this.s3 = s3;
        this.presigner = presigner;
        this.bucket = resources.bucket();
    }

    /** The object of a job; a run that repeats another one writes the same again. */
    S3Upload open(Job job) {
        return new S3Upload(s3, bucket, NewObject.of(key(job)));
    }

    /** A URL from which it can be fetched under a file name for a day, without further credentials. */
    URI presign(Job job, String name) {
        var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        var presigned = presigner.presignGetObject(presign -> presign.signatureDuration(URL_LIFETIME)
                .getObjectRequest(get -> get.bucket(bucket)
                        .key(key(job))
                        .responseContentDisposition("attachment; filename*=UTF-8''" + encoded)));
        return URI.create(presigned.url().toString());
    }

    private static String key(Job job) {
        return "restores/%s/%s".formatted(job.tenant(), job.id());
    }
}
