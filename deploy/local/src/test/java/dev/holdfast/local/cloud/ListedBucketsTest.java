package dev.holdfast.local.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

class ListedBucketsTest {

    private static final String BUCKET = "bucket";

    @TempDir
    Path folder;

    private BlobStore store;
    private BlobStore listed;

    @BeforeEach
    void open() {
        store = filesystem();
        store.createContainer(BUCKET);
        listed = new ListedBuckets(store);
    }

    private BlobStore filesystem() {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        return BlobStores.create("filesystem", properties);
    }

    @Test
    void listsWhatTheStoreBelowLists() {
        var random = new Random(7);
        for (int step = 0; step < 300; step++) {
            change(random);
            if (step % 10 > 0) continue;
            for (String prefix : List.of("", "a", "a/", "a/b", "b/3", "none"))
                for (int maxKeys : List.of(1, 3, 1000)) {
                    assertThat(pages(listed, prefix, maxKeys))
                            .as("after %d steps, %s, %d", step, prefix, maxKeys)
                            .isEqualTo(pages(store, prefix, maxKeys));
                }
        }
        assertThat(pages(listed, "", 1000)).hasSizeGreaterThan(5);
    }

    @Test
    void knowsWhatWasThereBefore() {
        // given
        put(store, "a/before", 3);
        listed = new ListedBuckets(store);
        // when
        put(listed, "b/after", 4);
        // then
        assertThat(pages(listed, "", 1000)).hasSize(2).isEqualTo(pages(store, "", 1000));
    }

    @Test
    void bucketThatWasDeletedBeginsEmpty() {
        // given
        put(listed, "a", 1);
        listed.deleteContainer(BUCKET);
        // when
        listed.createContainer(BUCKET);
        // then
        assertThat(pages(listed, "", 1000)).isEmpty();
    }

    private void change(Random random) {
        String key = List.of("a", "a/b", "b", "c/").get(random.nextInt(4)) + "/" + random.nextInt(6);
        switch (random.nextInt(4)) {
            case 0 -> listed.removeBlob(BUCKET, key);
            case 1 -> copy("a/" + random.nextInt(6), key);
            default -> put(listed, key, random.nextInt(100));
        }
    }

    private void copy(String from, String to) {
        if (!listed.blobExists(BUCKET, from)) return;
        listed.copyBlob(CopyObjectRequest.builder()
                .sourceBucket(BUCKET)
                .sourceKey(from)
                .destinationBucket(BUCKET)
                .destinationKey(to)
                .build());
    }

    private static void put(BlobStore into, String key, int size) {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(BUCKET)
                .key(key)
                .contentLength((long) size)
                .build();
        into.putBlob(request, new ByteArrayInputStream(new byte[size]));
    }

    /** All of it, a page after the other. */
    private static List<S3Object> pages(BlobStore of, String prefix, int maxKeys) {
        var all = new ArrayList<S3Object>();
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(BUCKET)
                .prefix(prefix)
                .maxKeys(maxKeys)
                .build();
        ListObjectsV2Response page = of.list(request);
        all.addAll(page.contents());
        while (page.nextContinuationToken() != null) {
            page = of.list(request.toBuilder()
                    .continuationToken(page.nextContinuationToken())
                    .build());
            all.addAll(page.contents());
        }
        return all;
    }
}
