package dev.holdfast.worker.backup;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.restic.format.Node;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Restores one file into an object; the directories on the way to it are nothing to it. */
record FileSink(S3Upload content) implements RestoreSink {

    @Override
    public void openDirectory(NodePath path, Node node) {}

    @Override
    public void closeDirectory(NodePath path, Node node) {}

    @Override
    public OutputStream openFile(NodePath path, Node node) throws IOException {
        if (node.kind() instanceof Node.File file) content.ensureRoom(file.sizeBytes());
        return new FilterOutputStream(content) {
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

    @Override
    public void closeFile(NodePath path, Node node) {}

    @Override
    public void other(NodePath path, Node node) throws IOException {
        throw new IOException("not a file");
    }
}
