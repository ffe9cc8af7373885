package dev.holdfast.worker.backup;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.restic.format.Node;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * Restores files into objects, whose keys are their paths. An object is there once all of its file is verified; one of
 * that key is replaced. Directories are nothing to a bucket, and links cannot be in one.
 */
final class BucketSink implements RestoreSink, AutoCloseable {

    /** The S3 limit. */
    private static final int LONGEST_KEY = 1024;

    private final Function<String, S3Upload> bucket;
    private final String prefix;
    private final Runnable beforeCompletion;
    private Optional<S3Upload> open = Optional.empty();

    /**
     * {@code bucket} opens the object of a key; {@code prefix} is empty or ends with a slash; {@code beforeCompletion}
     * is called before each object is made.
     */
    BucketSink(Function<String, S3Upload> bucket, String prefix, Runnable beforeCompletion) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.beforeCompletion = beforeCompletion;
    }

    @Override
    public void openDirectory(NodePath path, Node node) {}

    @Override
    public void closeDirectory(NodePath path, Node node) {}

    @Override
    public OutputStream openFile(NodePath path, Node node) throws IOException {
        close();
        var upload = bucket.apply(key(path));
        open = Optional.of(upload);
        return new FilterOutputStream(upload) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() {
                // it is completed once all is verified
            }
        };
    }

    private String key(NodePath path) throws IOException {
        var key = new StringBuilder(prefix);
        for (var name : path.elements()) {
            if (!name.isUtf8()) throw new IOException("a name that is no text cannot be in a key");
            key.append(key.length() == prefix.length() ? "" : "/").append(name.text());
        }
        if (key.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new IOException("its key would be longer than " + LONGEST_KEY + " bytes");
        }
        return key.toString();
    }

    @Override
    public void closeFile(NodePath path, Node node) {
        beforeCompletion.run();
        open.orElseThrow().complete();
        open = Optional.empty();
    }

    @Override
    public void other(NodePath path, Node node) throws IOException {
        throw new IOException("only files can be in a bucket");
    }

    /** Takes back what was sent of a file that failed. */
    @Override
    public void close() {
        open.ifPresent(S3Upload::abandon);
        open = Optional.empty();
    }
}
