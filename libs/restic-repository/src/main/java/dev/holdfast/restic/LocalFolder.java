package dev.holdfast.restic;

import dev.holdfast.restic.LocalSource.NoFolderException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An open folder of a Unix file system. What is below it is opened by its name within the folder, never through a
 * symbolic link: whoever moves folders about meanwhile, or puts links in their place, leads nobody out of it.
 *
 * @param path where the folder was when it was opened
 * @param below the same, seen from the folder at which the walk began
 */
record LocalFolder(SecureDirectoryStream<Path> open, Path path, Path below) implements Closeable {

    /** Opens a folder by its path, which must not be a symbolic link. */
    @SuppressWarnings("StreamResourceLeak") // closed with the folder
    static LocalFolder at(Path path) throws IOException {
        try {
            var opened = secure(Files.newDirectoryStream(path), path, Path.of(""));
            if (opened.key().equals(key(path))) return opened;
            opened.close();
            throw new NoFolderException(path);
        } catch (NotDirectoryException none) {
            throw new NoFolderException(path);
        }
    }

    private static LocalFolder secure(DirectoryStream<Path> stream, Path path, Path below) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) return new LocalFolder(secure, path, below);
        stream.close();
        throw new IOException("this system cannot open files by their folder");
    }

    /** Opens a folder in it. */
    LocalFolder folder(Path name) throws IOException {
        try {
            var stream = open.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
            return secure(stream, path.resolve(name), below.resolve(name));
        } catch (NotDirectoryException none) {
            throw new NoFolderException(path.resolve(name));
        } catch (FileSystemException e) {
            if (isLink(name)) throw new NoFolderException(path.resolve(name));
            throw e;
        }
    }

    private boolean isLink(Path name) throws IOException {
        var view = open.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view.readAttributes().isSymbolicLink();
    }

    /** Opens a file in it. */
    InputStream file(Path name) throws IOException {
        return Channels.newInputStream(
                open.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /** The names in it, in no order; to be asked for once. */
    List<Path> names() throws IOException {
        var names = new ArrayList<Path>();
        try {
            for (var entry : open) names.add(entry.getFileName());
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /**
     * Makes sure that what was learnt by a path was learnt of what has the name in this folder.
     *
     * @param key what tells the file at the path apart from all others
     */
    void ensure(Path name, Object key) throws IOException {
        var view = open.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!key.equals(view.readAttributes().fileKey())) throw new IOException("replaced while it was looked at");
    }

    private Object key() throws IOException {
        return open.getFileAttributeView(BasicFileAttributeView.class)
                .readAttributes()
                .fileKey();
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    @Override
    public void close() throws IOException {
        open.close();
    }
}
