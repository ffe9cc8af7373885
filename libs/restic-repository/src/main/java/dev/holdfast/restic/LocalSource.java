package dev.holdfast.restic;

import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A folder of a Unix file system as a source. No symbolic link below it is followed, and nothing is opened that has
 * been moved out of it, whatever somebody changes meanwhile; only attributes are looked up by path, and those of
 * another file than was opened are noticed. Of the extended attributes only {@code user.*} are seen. For one thread,
 * which goes through it once, depth first; holds one open folder for each level.
 */
public final class LocalSource implements Closeable {
    private static final String ATTRIBUTES = "unix:mode,uid,gid,ino,dev,rdev,nlink,size,lastModifiedTime,ctime,fileKey";
    private static final int TYPE_MASK = 0170000;

    private final LocalNames names = new LocalNames();
    private final Map<Integer, String> users = new HashMap<>();
    private final Map<Integer, String> groups = new HashMap<>();
    private final Deque<LocalFolder> open = new ArrayDeque<>();
    private final LocalFolder folder;
    private final Choice choice;

    /** Says which entries are taken. */
    @FunctionalInterface
    public interface Choice {
        /**
         * Whether to take an entry.
         *
         * @param below its path, seen from the folder
         */
        boolean takes(Path below, SourceEntry entry);
    }

    /** What should be a folder is none, or there is a symbolic link on the way to it. */
    public static final class NoFolderException extends IOException {
        NoFolderException(Path path) {
            super(path + " is no folder, or a symbolic link leads to it");
        }
    }

    private LocalSource(LocalFolder folder, Choice choice) {
        this.folder = folder;
        this.choice = choice;
        open.push(folder);
    }

    /** All of a folder. What it opens is closed when it was read to its end. */
    public static SourceDirectory of(Path folder) throws IOException {
        var absolute = folder.toAbsolutePath().normalize();
        return new LocalSource(LocalFolder.at(absolute), (_, _) -> true).root();
    }

    /**
     * Opens a folder below another one, or that one.
     *
     * @param root absolute
     * @param below must not lead out of it
     * @throws NoFolderException when one of the two is no folder, or there is a symbolic link on the way
     */
    public static LocalSource open(Path root, Path below, Choice choice) throws IOException {
        if (!below.equals(below.normalize()) || below.isAbsolute() || below.startsWith("..")) {
            throw new IllegalArgumentException("leads out of " + root + ": " + below);
        }
        if (!root.toRealPath().equals(root)) throw new NoFolderException(root);
        var at = LocalFolder.at(root);
        for (var name : below) {
            if (name.toString().isEmpty()) continue;
            try (var parent = at) {
                at = parent.folder(name);
            }
        }
        return new LocalSource(new LocalFolder(at.open(), at.path(), Path.of("")), choice);
    }

    /**
     * A root that holds the folder under all the names of its path, as restic lays out a backup of an absolute path.
     */
    public SourceDirectory root() {
        return ancestor(folder.path().getRoot(), 0);
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) open.pop().close();
    }

    private SourceDirectory ancestor(Path at, int depth) {
        var path = folder.path();
        var attributes = Attributes.of(0755, Instant.EPOCH);
        if (depth > 0) {
            try {
                attributes = attributes(at, read(at));
            } catch (IOException e) {
                // An ancestor that nobody may look at is stored without its attributes.
                attributes = Attributes.of(0755, Instant.EPOCH);
            }
        }
        if (depth == path.getNameCount()) return new SourceDirectory(names.name(at), attributes, () -> list(folder));
        SourceEntry.Children one = () ->
                List.of(ancestor(at.resolve(path.getName(depth)), depth + 1)).iterator();
        return new SourceDirectory(depth == 0 ? ByteString.of("root") : names.name(at), attributes, one);
    }

    private Iterator<SourceEntry> list(LocalFolder listed) throws IOException {
        var inside = listed.names();
        inside.sort(Comparator.comparing(names::name));
        return new Entries(listed, inside.iterator());
    }

    /** Closes the folder behind the last entry. */
    private final class Entries implements Iterator<SourceEntry> {
        private final LocalFolder listed;
        private final Iterator<Path> inside;
        private Optional<SourceEntry> next = Optional.empty();

        private Entries(LocalFolder listed, Iterator<Path> inside) {
            this.listed = listed;
            this.inside = inside;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && inside.hasNext()) {
                var name = inside.next();
                next = Optional.of(entry(listed, name))
                        .filter(it -> choice.takes(listed.below().resolve(name), it));
            }
            if (next.isEmpty()) closeListed();
            return next.isPresent();
        }

        private void closeListed() {
            if (!open.remove(listed)) return;
            try {
                listed.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public SourceEntry next() {
            if (!hasNext()) throw new NoSuchElementException();
            var entry = next.orElseThrow();
            next = Optional.empty();
            return entry;
        }
    }

    private Iterator<SourceEntry> enter(LocalFolder parent, Path name) throws IOException {
        var entered = parent.folder(name);
        open.push(entered);
        return list(entered);
    }

    /** One that cannot be looked at is a file that cannot be opened: the backup reports it and goes on. */
    private SourceEntry entry(LocalFolder in, Path name) {
        try {
            var path = in.path().resolve(name);
            var unix = read(path);
            var attributes = attributes(path, unix);
            var kind = (int) number(unix, "mode") & TYPE_MASK;
            var target = kind == 0120000 ? names.bytes(Files.readSymbolicLink(path)) : ByteString.of("");
            in.ensure(name, key(unix));
            return switch (kind) {
                case 0100000 -> new SourceFile(names.name(name), attributes, number(unix, "size"), () -> in.file(name));
                case 0040000 -> new SourceDirectory(names.name(name), attributes, () -> enter(in, name));
                case 0120000 -> new SourceOther(names.name(name), attributes, new Node.Symlink(target));
                case 0060000 ->
                    new SourceOther(names.name(name), attributes, new Node.Device(false, number(unix, "rdev")));
                case 0020000 ->
                    new SourceOther(names.name(name), attributes, new Node.Device(true, number(unix, "rdev")));
                case 0010000 -> new SourceOther(names.name(name), attributes, new Node.Fifo());
                case 0140000 -> new SourceOther(names.name(name), attributes, new Node.Socket());
                default -> throw new IOException("unknown type of file: " + path);
            };
        } catch (IOException e) {
            return new SourceFile(names.name(name), Attributes.of(0, Instant.EPOCH), -1, () -> {
                throw e;
            });
        }
    }

    private static Object key(Map<String, Object> unix) throws IOException {
        var key = unix.get("fileKey");
        if (key == null) throw new IOException("this file system has no keys of files");
        return key;
    }

    private static Map<String, Object> read(Path path) throws IOException {
        return Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    }

    private Attributes attributes(Path path, Map<String, Object> unix) throws IOException {
        int uid = (int) number(unix, "uid");
        int gid = (int) number(unix, "gid");
        int mode = (int) number(unix, "mode");
        boolean directory = (mode & TYPE_MASK) == 0040000;
        return new Attributes(
                mode & 07777,
                time(unix, "lastModifiedTime"),
                time(unix, "lastModifiedTime"), // as restic: else every look at a file would change its tree
                time(unix, "ctime"),
                Integer.toUnsignedLong(uid),
                Integer.toUnsignedLong(gid),
                name(users, uid, path, "unix:owner"),
                name(groups, gid, path, "unix:group"),
                number(unix, "ino"),
                number(unix, "dev"),
                directory ? 0 : number(unix, "nlink"), // as restic: a new subdirectory must not change the entry
                directory || (mode & TYPE_MASK) == 0100000 ? extended(path) : List.of());
    }

    private static long number(Map<String, Object> unix, String name) throws IOException {
        if (unix.get(name) instanceof Number number) return number.longValue();
        throw new IOException("this file system has no " + name);
    }

    private static Instant time(Map<String, Object> unix, String name) throws IOException {
        if (unix.get(name) instanceof FileTime time) return time.toInstant();
        throw new IOException("this file system has no " + name);
    }

    /** Looking a name up is slow, so each ID is looked up once. One without a name is shown by Java as its number. */
    private static String name(Map<Integer, String> known, int id, Path path, String attribute) throws IOException {
        var name = known.get(id);
        if (name == null) {
            name = String.valueOf(Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS));
            if (name.equals(Integer.toString(id))) name = "";
            known.put(id, name);
        }
        return name;
    }

    private static List<ExtendedAttribute> extended(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) return List.of();
        var names = view.list();
        if (names.isEmpty()) return List.of();
        var attributes = new ArrayList<ExtendedAttribute>();
        for (var name : names.stream().sorted().toList()) {
            var value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            attributes.add(new ExtendedAttribute("user." + name, ByteString.of(value.array())));
        }
        return attributes;
    }
}
