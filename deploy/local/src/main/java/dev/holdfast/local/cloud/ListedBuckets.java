package dev.holdfast.local.cloud;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Knows what is in each bucket, so that a page of a list costs as much as the page, as on S3. The store below walks the
 * whole bucket for each: a second for every page of a bucket of 40,000 objects. Nobody else may write to its folder.
 */
final class ListedBuckets extends ForwardingBlobStore {

    /** As many changes of objects go on beside each other. */
    private static final int LOCKS = 64;

    private final ConcurrentMap<String, NavigableMap<String, S3Object>> buckets = new ConcurrentHashMap<>();
    private final List<Object> locks = new ArrayList<>();

    /** Looks for what there is: files that are being written, which the store lists too, are not taken for objects. */
    ListedBuckets(BlobStore store) {
        super(store);
        for (int i = 0; i < LOCKS; i++) locks.add(new Object());
        store.list().buckets().forEach(bucket -> buckets.put(bucket.name(), objects(store, bucket.name())));
    }

    private static NavigableMap<String, S3Object> objects(BlobStore store, String bucket) {
        NavigableMap<String, S3Object> objects = new ConcurrentSkipListMap<>();
        store.list(ListObjectsV2Request.builder().bucket(bucket).build())
                .contents()
                .forEach(object -> objects.put(object.key(), object));
        return objects;
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        CreateBucketResponse response = super.createContainer(request);
        buckets.putIfAbsent(request.bucket(), new ConcurrentSkipListMap<>());
        return response;
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        boolean inFolders = request.delimiter() != null && !request.delimiter().isEmpty();
        NavigableMap<String, S3Object> all = buckets.get(request.bucket());
        if (all == null || inFolders || request.maxKeys() == null || request.maxKeys() == 0) return super.list(request);
        String prefix = Optional.ofNullable(request.prefix()).orElse("");
        String after = Optional.ofNullable(request.continuationToken())
                .or(() -> Optional.ofNullable(request.startAfter()))
                .orElse("");
        NavigableMap<String, S3Object> rest =
                after.compareTo(prefix) < 0 ? all.tailMap(prefix, true) : all.tailMap(after, false);
        List<S3Object> page = rest.values().stream()
                .takeWhile(object -> object.key().startsWith(prefix))
                .limit(request.maxKeys() + 1L)
                .toList();
        boolean more = page.size() > request.maxKeys();
        List<S3Object> shown = more ? page.subList(0, request.maxKeys()) : page;
        return SdkResponses.objectsPage(shown, List.of(), more ? shown.getLast().key() : null);
    }

    /** Looks at an object that has changed. Of two that do so the later one sees what both have done. */
    private void changed(String bucket, String requested) {
        String key = requested.replaceAll("/{2,}", "/"); // as in the names of files
        NavigableMap<String, S3Object> objects = buckets.get(bucket);
        if (objects == null) return;
        synchronized (locks.get(Math.floorMod(key.hashCode(), LOCKS))) {
            Optional.ofNullable(blobMetadataIfPresent(bucket, key))
                    .ifPresentOrElse(
                            head -> objects.put(
                                    key,
                                    SdkResponses.objectEntry(
                                            key,
                                            head.eTag(),
                                            head.lastModified(),
                                            head.contentLength(),
                                            head.storageClass())),
                            () -> objects.remove(key));
        }
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        PutObjectResponse response = super.putBlob(request, content);
        changed(request.bucket(), request.key());
        return response;
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        CopyObjectResponse response = super.copyBlob(request);
        changed(request.destinationBucket(), request.destinationKey());
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
        changed(upload.containerName(), upload.blobName());
        return response;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        DeleteObjectResponse response = super.removeBlob(request);
        changed(request.bucket(), request.key());
        return response;
    }

    @Override
    public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
        DeleteObjectsResponse response = super.removeBlobs(request);
        request.delete().objects().forEach(object -> changed(request.bucket(), object.key()));
        return response;
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        super.clearContainer(request);
        buckets.computeIfPresent(request.bucket(), (name, _) -> objects(delegate(), name));
    }

    @Override
    public void deleteContainer(String bucket) {
        super.deleteContainer(bucket);
        buckets.remove(bucket);
    }

    @Override
    public void deleteBucket(String bucket) {
        super.deleteBucket(bucket);
        buckets.remove(bucket);
    }
}
