package dev.holdfast.restic;

import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.Node;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * Restores into a folder of a Unix file system: content, permissions, times, links and, as root, owners. Never writes
 * through a symbolic link, nor over a file that is there. Devices, pipes and sockets are reported as failures, for Java
 * cannot make them; hard links become files of their own. Extended attributes that the file system refuses are left
 * out.
 */
public final class LocalSink implements RestoreSink {
    private static final int SLICE_BYTES = 256 * 1024;

    // What others may not see is hidden from the first byte on; closing sets the real mode.
    private static final FileAttribute<?> PRIVATE_FILE = mode("rw-------");
    private static final FileAttribute<?> PRIVATE_FOLDER = mode("rwx------");

    private final Path target;
    private final boolean owners;
    private long attributesLeftOut;

    /** Makes the folder if it is not there. {@code owners}: whether to set owner and group, which only root may. */
    public LocalSink(Path target, boolean owners) throws IOException {
        this.target = target.toAbsolutePath();
        Files.createDirectories(this.target);
        this.owners = owners;
    }

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    @Override
    public void openDirectory(NodePath path, Node node) throws IOException {
        var folder = resolve(path);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) Files.createDirectory(folder, PRIVATE_FOLDER);
    }

    @Override
    public void closeDirectory(NodePath path, Node node) throws IOException {
        apply(resolve(path), node);
    }

    @Override
    public OutputStream openFile(NodePath path, Node node) throws IOException {
        var place = Files.createFile(resolve(path), PRIVATE_FILE);
        // Not a channel, which an interrupt would close: the files after it would count as failed.
        var file = Files.newOutputStream(place, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        return new FilterOutputStream(file) {
            // In slices, because Java keeps direct memory of the size of the largest single write.
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += SLICE_BYTES) {
                    out.write(bytes, offset + done, Math.min(SLICE_BYTES, length - done));
                }
            }
        };
    }

    @Override
    public void closeFile(NodePath path, Node node) throws IOException {
        apply(resolve(path), node);
    }

    @Override
    public void other(NodePath path, Node node) throws IOException {
        if (!(node.kind() instanceof Node.Symlink link)) throw new IOException("Java cannot make " + node.kind());
        var place = resolve(path);
        try {
            Files.createSymbolicLink(place, LocalNames.path(link.target()));
        } catch (IllegalArgumentException noPath) { // an empty one, or one with a zero byte
            throw new IOException("a link to what is no path: " + link.target(), noPath);
        }
        apply(place, node);
    }

    /** How many extended attributes the file system has refused so far: that is no failure of their files. */
    public long attributesLeftOut() {
        return attributesLeftOut;
    }

    private Path resolve(NodePath path) {
        var place = target;
        for (var name : path.elements()) place = place.resolve(LocalNames.path(name));
        return place;
    }

    private void apply(Path place, Node node) throws IOException {
        var attributes = node.attributes();
        boolean link = node.kind() instanceof Node.Symlink;
        if (owners) {
            Files.setAttribute(place, "unix:uid", (int) attributes.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(place, "unix:gid", (int) attributes.gid(), LinkOption.NOFOLLOW_LINKS);
        }
        if (!link) {
            // before the mode, by which nobody may be allowed to write any more
            for (var attribute : attributes.extended()) {
                if (attribute.name().startsWith("user.") && !takes(place, attribute)) attributesLeftOut++;
            }
            Files.setAttribute(place, "unix:mode", attributes.permissions(), LinkOption.NOFOLLOW_LINKS);
        }
        Files.getFileAttributeView(place, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(attributes.modified()), FileTime.from(attributes.accessed()), null);
    }

    /** There are file systems without such attributes, and others that take a few kilobytes of them. */
    private static boolean takes(Path place, ExtendedAttribute attribute) {
        var view = Files.getFileAttributeView(place, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) return false;
        try {
            var value = ByteBuffer.wrap(attribute.value().toByteArray());
            view.write(attribute.name().substring("user.".length()), value);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
