package dev.holdfast.worker.backup;

import dev.holdfast.catalog.Upload;
import dev.holdfast.catalog.Uploads;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import dev.holdfast.worker.backup.WebFiles.Fetched;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Finds what is to be backed up. */
@Singleton
final class Sources {

    private static final int NOT_THERE = 404;

    private final Uploads uploads;
    private final S3Client s3;
    private final String bucket;
    private final WebFiles web;
    private final Folders folders;

    Sources(Uploads uploads, S3Client s3, ResourcesConfig resources, WebFiles web, Folders folders) {
        this.web = web;
        this.folders = folders;
        this.uploads = uploads;
        this.s3 = s3;
        this.bucket = resources.bucket();
    }

    /** What looking at a source came to. */
    sealed interface Found {
        /**
         * It can be read.
         *
         * @param paths what people see as the source; the same for every backup of it
         * @param whole whether a part that cannot be read spoils all of it
         * @param open what to close in the end
         */
        record Source(SourceDirectory root, List<String> paths, long sizeBytes, boolean whole, Closeable open)
                implements Found {
            Source(SourceDirectory root, List<String> paths, long sizeBytes, boolean whole) {
                this(root, paths, sizeBytes, whole, () -> {});
            }
        }

        /** It cannot be read, and never will be. */
        record Unusable(String code, String message) implements Found {}

        /** It cannot be read now. */
        record Later(Duration delay, String reason) implements Found {}
    }

    /** Finds what the backup before had in a file's place, if it was one of the same paths. */
    @FunctionalInterface
    interface Before {
        Optional<Node> find(List<String> paths, String name);
    }

    /** Looks at the source of a job's backup; nothing is read yet. */
    Found find(Job job, BackupSource source, Excludes excludes, Before before) throws IOException {
        return switch (source) {
            case BackupSource.Inline(var name, var base64) -> {
                var bytes = Base64.getDecoder().decode(base64);
                yield file(job, name, bytes.length, () -> new ByteArrayInputStream(bytes), excludes);
            }
            case BackupSource.S3 _ -> throw new IllegalArgumentException("a bucket is backed up in parts");
            case BackupSource.Postgres _, BackupSource.DynamoDb _ ->
                throw new IllegalArgumentException("databases and tables are read while they are stored");
            case BackupSource.Path path -> folders.find(path, excludes);
            case BackupSource.Http(var url) -> web(job, url, excludes, before);
            case BackupSource.Upload(var id) -> {
                var upload = uploads.find(job.tenant(), id);
                yield upload.isPresent()
                        ? upload(job, upload.get(), excludes)
                        : new Found.Unusable("upload-not-found", "There is no upload " + id + ".");
            }
        };
    }

    /** The folder of a database or table; its size is not known before it is read. */
    static Found.Source folder(SourceDirectory folder) {
        var root = new SourceDirectory(ByteString.of("root"), folder.attributes(), List.of(folder)::iterator);
        return new Found.Source(root, List.of("/" + folder.name()), 0, true);
    }

    private Found web(Job job, String url, Excludes excludes, Before before) throws IOException {
        WebFile file;
        try {
            file = web.file(url);
        } catch (IllegalArgumentException e) {
            return new Found.Unusable("url-not-allowed", "The URL " + e.getMessage() + ".");
        }
        if (excludes.excludes(file.name())) return new Found.Source(root(job, List.of()), file.paths(), 0, true);
        return switch (web.fetch(job, file, before.find(file.paths(), file.name()))) {
            case Fetched.Unusable(var code, var message) -> new Found.Unusable(code, message);
            case Fetched.Later(var delay, var reason) -> new Found.Later(delay, reason);
            case Fetched.File(var found, var open) ->
                new Found.Source(root(job, List.of(found)), file.paths(), Math.max(0, found.sizeBytes()), true, open);
        };
    }

    private Found upload(Job job, Upload upload, Excludes excludes) {
        var size = size(upload);
        if (size.isEmpty()) {
            return new Found.Unusable(
                    "upload-missing", "Upload " + upload.id() + " was not put to its URL, or not completed.");
        }
        if (size.get() != upload.size()) {
            return new Found.Unusable(
                    "size-mismatch",
                    "The upload has %d bytes, but %d were announced.".formatted(size.get(), upload.size()));
        }
        SourceEntry.Content content = () -> new AnnouncedContent(
                s3.getObject(get -> get.bucket(bucket).key(upload.key())), upload.size(), upload.sha256());
        return file(job, upload.name(), upload.size(), content, excludes);
    }

    private Optional<Long> size(Upload upload) {
        try {
            return Optional.of(
                    s3.headObject(head -> head.bucket(bucket).key(upload.key())).contentLength());
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_THERE) return Optional.empty();
            throw e;
        }
    }

    /** It has no time of its own: the job's is the same in every run. */
    private static Found file(Job job, String name, long size, SourceEntry.Content content, Excludes excludes) {
        Instant modified = job.createdAt();
        var file = new SourceFile(ByteString.of(name), Attributes.of(0644, modified), size, content);
        var entries = excludes.excludes(name) ? List.<SourceFile>of() : List.of(file);
        return new Found.Source(root(job, entries), List.of("/" + name), size, true);
    }

    private static SourceDirectory root(Job job, List<SourceFile> entries) {
        return new SourceDirectory(ByteString.of("root"), Attributes.of(0755, job.createdAt()), entries::iterator);
    }
}
