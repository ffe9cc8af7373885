package dev.holdfast.restic;

import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where a restore goes: a folder, a bucket, an archive. Called by one thread, in the order of the tree. An
 * {@link IOException} counts as a failure of this entry; the others are still restored.
 */
public interface RestoreSink {
    /** A directory begins; its entries follow. */
    void openDirectory(NodePath path, Node node) throws IOException;

    /** All entries of the directory were given. */
    void closeDirectory(NodePath path, Node node) throws IOException;

    /** The place for the content of a file, which is written in order and then closed. */
    OutputStream openFile(NodePath path, Node node) throws IOException;

    /** All bytes of the file were verified and written, and the stream closed. Not called for one that failed. */
    void closeFile(NodePath path, Node node) throws IOException;

    /** A link, device, pipe or socket. */
    void other(NodePath path, Node node) throws IOException;
}
