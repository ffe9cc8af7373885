package dev.holdfast.worker.backup;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Restores files into objects, whose keys are their paths, or those that they had in the bucket that was backed up. An
 * object is there once all of its file is verified; one of that key is replaced. Directories are nothing to a bucket,
 * unless it had an object for them, and links cannot be in one.
 */
final class BucketSink implements RestoreSink, AutoCloseable {

    /** The S3 limit. */
    private static final int LONGEST_KEY = 1024;

    private final Function<NewObject, S3Upload> bucket;
    private final String prefix;
    private final Runnable beforeCompletion;
    private final ObjectPuts puts;
    private Optional<S3Upload> open = Optional.empty();

    /**
     * {@code bucket} opens an object; {@code prefix} is empty or ends with a slash; {@code beforeCompletion} is called
     * before each object is made, by whichever thread makes it.
     */
    BucketSink(Function<NewObject, S3Upload> bucket, String prefix, Runnable beforeCompletion) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.beforeCompletion = beforeCompletion;
        this.puts = new ObjectPuts(beforeCompletion);
    }

    @Override
    public void openDirectory(NodePath path, Node node) throws IOException {
        var known = ObjectAttributes.key(node);
        if (known.isPresent()) puts.add(bucket.apply(NewObject.of(key(known.get()))));
    }

    @Override
    public void closeDirectory(NodePath path, Node node) {}

    @Override
    public OutputStream openFile(NodePath path, Node node) throws IOException {
        abandon();
        var known = ObjectAttributes.key(node);
        var key = key(known.isPresent() ? known.get() : asKey(path));
        var upload = bucket.apply(ObjectAttributes.restored(key, node));
        if (node.kind() instanceof Node.File file) upload.ensureRoom(file.sizeBytes());
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

    private String key(String below) throws IOException {
        var key = prefix + below;
        if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new IOException("its key would be longer than " + LONGEST_KEY + " bytes");
        }
        return key;
    }

    private static String asKey(NodePath path) throws IOException {
        for (var name : path.elements()) {
            if (!name.isUtf8()) throw new IOException("a name that is no text cannot be in a key");
        }
        return path.elements().stream().map(ByteString::text).collect(Collectors.joining("/"));
    }

    @Override
    public void closeFile(NodePath path, Node node) {
        var upload = open.orElseThrow();
        if (upload.isSmall()) {
            puts.add(upload);
        } else {
            beforeCompletion.run();
            upload.complete();
        }
        open = Optional.empty();
    }

    @Override
    public void other(NodePath path, Node node) throws IOException {
        throw new IOException("only files can be in a bucket");
    }

    /** Waits until all objects are there; what failed to be made since is thrown here. */
    void finish() {
        puts.finish();
    }

    /** Takes back what was sent of a file that failed. */
    private void abandon() {
        open.ifPresent(S3Upload::abandon);
        open = Optional.empty();
    }

    @Override
    public void close() {
        puts.close();
        abandon();
    }
}
