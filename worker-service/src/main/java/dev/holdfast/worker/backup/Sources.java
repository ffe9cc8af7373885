package dev.holdfast.worker.backup;

import dev.holdfast.catalog.Upload;
import dev.holdfast.catalog.Uploads;
import dev.holdfast.job.BackupSource;
import dev.holdfast.resources.ResourcesConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Reads what is to be backed up. */
@Singleton
final class Sources {

    private final Uploads uploads;
    private final S3Client s3;
    private final String bucket;

    Sources(Uploads uploads, S3Client s3, ResourcesConfig resources) {
        this.uploads = uploads;
        this.s3 = s3;
        this.bucket = resources.bucket();
    }

    /** What reading a source came to. */
    sealed interface Read {
        /** The source's one file. */
        record File(String name, ObjectStore.Content content) implements Read {}

        /** It cannot be read, and never will be. */
        record Unusable(String code, String message) implements Read {}
    }

    /** Copies the source's content to {@code into}, a file that is not there yet. */
    Read read(String tenant, BackupSource source, Path into) throws IOException {
        return switch (source) {
            case BackupSource.Inline(var name, var base64) -> {
                var bytes = Base64.getDecoder().decode(base64);
                Files.write(into, bytes);
                yield new Read.File(name, content(into));
            }
            case BackupSource.Upload(var id) -> {
                var upload = uploads.find(tenant, id);
                yield upload.isPresent()
                        ? fetch(upload.get(), into)
                        : new Read.Unusable("upload-not-found", "There is no upload " + id + ".");
            }
        };
    }

    private Read fetch(Upload upload, Path into) throws IOException {
        try {
            s3.getObject(get -> get.bucket(bucket).key(upload.key()), ResponseTransformer.toFile(into));
        } catch (NoSuchKeyException none) {
            return new Read.Unusable(
                    "upload-missing", "Upload " + upload.id() + " was not put to its URL, or not completed.");
        }
        var content = content(into);
        if (upload.sha256()
                .filter(announced -> !announced.equals(content.sha256()))
                .isPresent()) {
            return new Read.Unusable("checksum-mismatch", "The upload's content is not what its sha256 announced.");
        }
        if (content.size() != upload.size()) {
            return new Read.Unusable(
                    "size-mismatch",
                    "The upload has %d bytes, but %d were announced.".formatted(content.size(), upload.size()));
        }
        return new Read.File(upload.name(), content);
    }

    private static ObjectStore.Content content(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            var hash = HexFormat.of().formatHex(in.getMessageDigest().digest());
            return new ObjectStore.Content(file, Files.size(file), hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
