package dev.holdfast.worker.backup;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.restic.format.Node;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Restores into an object that is a tar archive: files, directories and symbolic links with their permissions, owners
 * and times.
 */
final class TarSink implements RestoreSink {

    /** More than the headers of one entry have, and the end of the archive. */
    private static final int HEADERS = 64 * 1024;

    private final S3Upload object;
    private final TarArchiveOutputStream tar;
    private boolean inFile;
    private boolean spoilt;

    TarSink(S3Upload object) {
        this.object = object;
        tar = new TarArchiveOutputStream(object, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    /** Writes the end of the archive, of which nothing may have failed; the stream below stays open. */
    void finish() throws IOException {
        tar.finish();
    }

    @Override
    public void openDirectory(NodePath path, Node node) throws IOException {
        put(described(new TarArchiveEntry(name(path) + "/"), node));
        closeEntry();
    }

    @Override
    public void closeDirectory(NodePath path, Node node) {}

    @Override
    public OutputStream openFile(NodePath path, Node node) throws IOException {
        var entry = described(new TarArchiveEntry(name(path)), node);
        if (node.kind() instanceof Node.File file) {
            object.ensureRoom(file.sizeBytes() + HEADERS);
            entry.setSize(file.sizeBytes());
        }
        put(entry);
        inFile = true;
        return new FilterOutputStream(tar) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (!spoilt) out.write(bytes, offset, length);
            }

            @Override
            public void close() {
                // the archive goes on
            }
        };
    }

    @Override
    public void closeFile(NodePath path, Node node) throws IOException {
        closeEntry();
        inFile = false;
    }

    @Override
    public void other(NodePath path, Node node) throws IOException {
        if (!(node.kind() instanceof Node.Symlink link)) throw new IOException("only restic restores such a file");
        var entry = described(new TarArchiveEntry(name(path), TarConstants.LF_SYMLINK), node);
        entry.setLinkName(link.target().text());
        put(entry);
        closeEntry();
    }

    /** A file that failed in its middle spoils the archive: what follows is verified, and goes nowhere. */
    private void put(TarArchiveEntry entry) throws IOException {
        spoilt |= inFile;
        if (!spoilt) tar.putArchiveEntry(entry);
    }

    private void closeEntry() throws IOException {
        if (!spoilt) tar.closeArchiveEntry();
    }

    private static TarArchiveEntry described(TarArchiveEntry entry, Node node) {
        var attributes = node.attributes();
        entry.setMode(attributes.permissions());
        entry.setLastModifiedTime(FileTime.from(attributes.modified()));
        entry.setUserId(attributes.uid());
        entry.setGroupId(attributes.gid());
        entry.setUserName(attributes.user());
        entry.setGroupName(attributes.group());
        return entry;
    }

    private static String name(NodePath path) {
        return path.elements().stream().map(element -> element.text()).collect(Collectors.joining("/"));
    }
}
