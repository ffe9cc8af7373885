package dev.holdfast.repositories;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Stated;
import dev.holdfast.restic.storage.Storage;
import dev.holdfast.restic.storage.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects of a repository in an S3 bucket, below a prefix. Every object goes there by a single PUT with its
 * SHA-256, which the store then vouches for, and never over another one. The client repeats failed calls; answers that
 * end early are read again here. Thread-safe.
 */
public final class S3Storage implements Storage {

    /** An answer that ends early is asked for again this often. */
    private static final int READS = 4;

    private static final int NOT_THERE = 404;
    private static final int MEANWHILE = 409;
    private static final int IS_THERE = 412;
    private static final int OUT_OF_RANGE = 416;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int DELETE_AT_ONCE = 1_000;

    private final S3Client s3;
    private final String bucket;
    private final String prefix;
    private volatile boolean takesConditions = true;

    /** {@code prefix} without a slash at its end; may be empty. */
    public S3Storage(S3Client s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix.isEmpty() ? "" : prefix + "/";
    }

    @Override
    public void list(String folder, Consumer<StoredObject> visitor) throws IOException {
        try {
            s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix + folder + "/"))
                    .contents()
                    .forEach(object ->
                            visitor.accept(new StoredObject(object.key().substring(prefix.length()), object.size())));
        } catch (SdkException e) {
            throw failed("list", folder + "/", e);
        }
    }

    @Override
    public byte[] get(String key, long offset, int length) throws IOException {
        if (length == 0) return new byte[0];
        for (var read = 1; ; read++) {
            try {
                var answer = range(key, offset, length);
                var bytes = answer.asByteArrayUnsafe();
                if (bytes.length == answer.response().contentLength()) return bytes;
                if (read == READS) throw new IOException(at(key) + " was cut short " + READS + " times");
            } catch (NoSuchKeyException none) {
                throw new NoSuchFileException(at(key));
            } catch (S3Exception e) {
                if (e.statusCode() == OUT_OF_RANGE) return new byte[0];
                if (e.statusCode() == NOT_THERE) throw new NoSuchFileException(at(key));
                throw failed("read", key, e);
            } catch (SdkException | UncheckedIOException e) {
                if (read == READS) throw failed("read", key, e);
            }
        }
    }

    private ResponseBytes<GetObjectResponse> range(String key, long offset, int length) {
        var range = "bytes=%d-%d".formatted(offset, offset + length - 1);
        return s3.getObject(get -> get.bucket(bucket).key(prefix + key).range(range), ResponseTransformer.toBytes());
    }

    @Override
    public long size(String key) throws IOException {
        return head(key, HeadObjectRequest.builder())
                .map(HeadObjectResponse::contentLength)
                .orElse(-1L);
    }

    @Override
    public Optional<Stated> stated(String key) throws IOException {
        return head(key, HeadObjectRequest.builder().checksumMode(ChecksumMode.ENABLED))
                .map(head -> new Stated(head.contentLength(), sha256(Optional.ofNullable(head.checksumSHA256()))));
    }

    /** What came in parts has a checksum of their checksums, with their number behind it: it says nothing here. */
    private static Optional<Id> sha256(Optional<String> checksum) {
        return checksum.filter(whole -> whole.indexOf('-') < 0)
                .map(Base64.getDecoder()::decode)
                .filter(bytes -> bytes.length == Id.BYTES)
                .map(bytes -> Id.at(bytes, 0));
    }

    private Optional<HeadObjectResponse> head(String key, HeadObjectRequest.Builder request) throws IOException {
        try {
            return Optional.of(
                    s3.headObject(request.bucket(bucket).key(prefix + key).build()));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_THERE) return Optional.empty();
            throw failed("look at", key, e);
        } catch (SdkException e) {
            throw failed("look at", key, e);
        }
    }

    @Override
    public boolean putIfAbsent(String key, Content content) throws IOException {
        if (!takesConditions && size(key) >= 0) return false;
        try {
            put(key, content);
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == IS_THERE) return isNotNamedByHash(key) && isStored(key, content);
            if (e.statusCode() == NOT_IMPLEMENTED && takesConditions) {
                takesConditions = false; // of this store: an object is looked for before it is put
                return putIfAbsent(key, content);
            }
            if (e.statusCode() == MEANWHILE && size(key) >= 0) return false;
            throw failed("write", key, e);
        } catch (SdkException e) {
            throw failed("write", key, e);
        }
    }

    /** Whether it was this very put, the answer to which got lost on its way: the client repeats such a call. */
    private boolean isStored(String key, Content content) throws IOException {
        var stored = get(key, 0, Math.toIntExact(content.sizeBytes() + 1));
        return Arrays.equals(stored, content.toByteArray());
    }

    /** Of the others it does not matter who has stored them: they are the same. */
    private static boolean isNotNamedByHash(String key) {
        return !Id.isId(name(key));
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private void put(String key, Content content) throws IOException {
        var request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(prefix + key)
                .contentLength(content.sizeBytes())
                .checksumSHA256(sha256(key, content));
        if (takesConditions) request.ifNoneMatch("*");
        ContentStreamProvider bytes = content::stream;
        s3.putObject(
                request.build(),
                RequestBody.fromContentProvider(bytes, content.sizeBytes(), "application/octet-stream"));
    }

    /** The name of an object is the hash of its bytes, but for that of the config. */
    private static String sha256(String key, Content content) throws IOException {
        if (Id.isId(name(key))) return base64(HexFormat.of().parseHex(name(key)));
        try (var in = new DigestInputStream(content.stream(), Id.sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return base64(in.getMessageDigest().digest());
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        for (var from = 0; from < keys.size(); from += DELETE_AT_ONCE) {
            var some = keys.subList(from, Math.min(keys.size(), from + DELETE_AT_ONCE));
            try {
                deleteSome(some);
            } catch (SdkException e) {
                throw failed("delete", some.getFirst(), e);
            }
        }
    }

    private void deleteSome(List<String> keys) throws IOException {
        if (keys.size() == 1) {
            s3.deleteObject(delete -> delete.bucket(bucket).key(prefix + keys.getFirst()));
            return;
        }
        var objects = new ArrayList<ObjectIdentifier>();
        for (var key : keys)
            objects.add(ObjectIdentifier.builder().key(prefix + key).build());
        var answer = s3.deleteObjects(delete ->
                delete.bucket(bucket).delete(what -> what.objects(objects).quiet(true)));
        var kept = answer.errors().stream().map(S3Error::key).toList();
        if (!kept.isEmpty())
            throw new IOException("not deleted: " + kept.size() + " objects, such as " + kept.getFirst());
    }

    private IOException failed(String doing, String key, RuntimeException why) {
        return new IOException("cannot " + doing + " " + at(key) + ": " + why.getMessage(), why);
    }

    private String at(String key) {
        return bucket + "/" + prefix + key;
    }
}
