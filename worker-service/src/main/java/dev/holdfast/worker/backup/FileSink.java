package dev.holdfast.worker.backup;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.restic.format.Node;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Restores one file into a stream; the directories on the way to it are nothing to it. */
record FileSink(OutputStream content) implements RestoreSink {

    @Override
    public void openDirectory(NodePath path, Node node) {}

    @Override
    public void closeDirectory(NodePath path, Node node) {}

    @Override
    public OutputStream openFile(NodePath path, Node node) {
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
