package dev.holdfast.worker.backup;

import dev.holdfast.resources.ResourcesConfig;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Where the content of backups lies: each under the SHA-256 of its bytes, so that the same content is stored once. */
@Singleton
final class ObjectStore {

    private final S3Client s3;
    private final S3Presigner presigner;
    private final String bucket;

    ObjectStore(S3Client s3, S3Presigner presigner, ResourcesConfig resources) {
        this.s3 = s3;
        this.presigner = presigner;
        this.bucket = resources.bucket();
    }

    /** Stores a file's content unless the repository has it; returns the bytes that this added. */
    long put(String tenant, String repository, Content content) {
        var key = key(tenant, repository, content.sha256());
        if (has(key)) return 0;
        s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromFile(content.file()));
        return content.size();
    }

    /** A URL from which the content can be fetched under a file name, without further credentials. */
    URI presign(String tenant, String repository, String sha256, String fileName, Duration lifetime) {
        var encoded = URLEncoder.encode(fileName, StandardCharsets.UTF_8).replace("+", "%20");
        var presigned = presigner.presignGetObject(presign -> presign.signatureDuration(lifetime)
                .getObjectRequest(get -> get.bucket(bucket)
                        .key(key(tenant, repository, sha256))
                        .responseContentDisposition("attachment; filename*=UTF-8''" + encoded)));
        return URI.create(presigned.url().toString());
    }

    private boolean has(String key) {
        try {
            s3.headObject(head -> head.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException none) {
            return false;
        }
    }

    private static String key(String tenant, String repository, String sha256) {
        return "backups/%s/%s/objects/%s".formatted(tenant, repository, sha256);
    }

    /** A file's content on its way into the store. {@code sha256} in hexadecimal. */
    record Content(Path file, long size, String sha256) {}
}
