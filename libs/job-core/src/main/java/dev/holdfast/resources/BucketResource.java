package dev.holdfast.resources;

import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bucket: versioned and closed to the public. Its lifecycle clears away fetched restores, what a sweep of uploads
 * leaves, older versions and their markers, and multipart uploads that nobody knows of: those that are known end within
 * 7 days.
 */
public record BucketResource(S3Client s3, String name) implements Resource {

    private static final Logger LOG = Logger.getLogger(BucketResource.class);
    private static final int NOT_IMPLEMENTED = 501;

    @Override
    public String describe() {
        return "bucket " + name;
    }

    @Override
    public void provision() {
        if (exists()) return;
        try {
            s3.createBucket(create -> create.bucket(name));
            LOG.infof("created bucket %s", name);
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException already) {
            LOG.debugf("bucket %s is there", name);
        }
        ifSupported(
                "versioning",
                () -> s3.putBucketVersioning(put -> put.bucket(name)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED))));
        ifSupported(
                "public access block",
                () -> s3.putPublicAccessBlock(put -> put.bucket(name)
                        .publicAccessBlockConfiguration(block -> block.blockPublicAcls(true)
                                .ignorePublicAcls(true)
                                .blockPublicPolicy(true)
                                .restrictPublicBuckets(true))));
        ifSupported(
                "lifecycle",
                () -> s3.putBucketLifecycleConfiguration(put -> put.bucket(name)
                        .lifecycleConfiguration(lifecycle -> lifecycle.rules(sweepUploads(), sweepRestores()))));
    }

    private static LifecycleRule sweepUploads() {
        return LifecycleRule.builder()
                .id("sweep-uploads")
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix("uploads/"))
                .expiration(expiration -> expiration.expiredObjectDeleteMarker(true))
                .noncurrentVersionExpiration(expiration -> expiration.noncurrentDays(1))
                .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(8))
                .build();
    }

    /** A restore can be fetched for a day. */
    private static LifecycleRule sweepRestores() {
        return LifecycleRule.builder()
                .id("sweep-restores")
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix("restores/"))
                .expiration(expiration -> expiration.days(2))
                .noncurrentVersionExpiration(expiration -> expiration.noncurrentDays(1))
                .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(1))
                .build();
    }

    /** Emulators lack some of what S3 has; they say so, and Holdfast works without. */
    private void ifSupported(String feature, Runnable call) {
        try {
            call.run();
        } catch (S3Exception e) {
            if (e.statusCode() != NOT_IMPLEMENTED) throw e;
            LOG.infof("bucket %s: this endpoint has no %s", name, feature);
        }
    }

    @Override
    public boolean exists() {
        try {
            s3.headBucket(head -> head.bucket(name));
            return true;
        } catch (NoSuchBucketException none) {
            return false;
        }
    }
}
