package dev.holdfast.restic.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A repository in a local folder, as restic lays it out. Objects are written to {@code tmp/} (which restic never looks
 * at), forced to the disk, and linked to their name: a crash leaves at most a file in {@code tmp/}. Folders in it may
 * be symbolic links to others of the same file system.
 */
public final class LocalStorage implements Storage {
    /** Java keeps direct memory of the size of the largest single read for every thread. */
    static final int SLICE_BYTES = 256 * 1024;

    private static final Set<FileVisitOption> FOLLOW_LINKS = Set.of(FileVisitOption.FOLLOW_LINKS);

    private final Path root;

    public LocalStorage(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public void list(String folder, Consumer<StoredObject> visitor) throws IOException {
        var start = resolve(folder);
        if (!Files.isDirectory(start) && !Files.isSymbolicLink(start)) return;
        try {
            Files.walkFileTree(start, FOLLOW_LINKS, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isSymbolicLink()) throw new IOException("a link that leads nowhere: " + file);
                    var key = root.relativize(file).toString();
                    if (attributes.isRegularFile()) visitor.accept(new StoredObject(key, attributes.size()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) return FileVisitResult.CONTINUE; // deleted meanwhile
                    throw e;
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public byte[] get(String key, long offset, int length) throws IOException {
        try (var channel = FileChannel.open(resolve(key), StandardOpenOption.READ)) {
            long available = Math.max(0, channel.size() - offset);
            var bytes = new byte[(int) Math.min(length, available)];
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.position() < bytes.length) {
                buffer.limit(Math.min(bytes.length, buffer.position() + SLICE_BYTES));
                int count = channel.read(buffer, offset + buffer.position());
                if (count < 0) return Arrays.copyOf(bytes, buffer.position());
            }
            return bytes;
        }
    }

    @Override
    public long size(String key) throws IOException {
        try {
            return Files.size(resolve(key));
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public boolean putIfAbsent(String key, Content content) throws IOException {
        var target = resolve(key);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) return false;
        var folder = root.resolve("tmp");
        Files.createDirectories(folder);
        Files.createDirectories(parentOf(target));
        var temporary = folder.resolve(UUID.randomUUID().toString());
        try {
            write(temporary, content);
            Files.createLink(target, temporary); // unlike a rename, fails if the target exists
            forceFolder(parentOf(target));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Path temporary, Content content) throws IOException {
        var readOnlyLikeRestic = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(temporary, options, readOnlyLikeRestic)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Deletes what crashed writers left in {@code tmp/} before {@code time}: choose one before any writer that runs.
     */
    public void deleteLeftovers(Instant time) throws IOException {
        var leftovers = new ArrayList<Path>();
        list("tmp", object -> leftovers.add(resolve(object.key())));
        for (var leftover : leftovers) {
            if (Files.getLastModifiedTime(leftover).toInstant().isBefore(time)) Files.deleteIfExists(leftover);
        }
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        for (var key : keys) Files.deleteIfExists(resolve(key));
    }

    private Path resolve(String key) {
        var path = root.resolve(key).normalize();
        if (!path.startsWith(root) || path.equals(root)) throw new IllegalArgumentException("bad key " + key);
        return path;
    }

    private static Path parentOf(Path path) {
        var parent = path.getParent();
        if (parent == null) throw new IllegalArgumentException("no parent of " + path);
        return parent;
    }
}
