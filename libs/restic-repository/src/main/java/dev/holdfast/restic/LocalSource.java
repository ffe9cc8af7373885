package dev.holdfast.restic;

import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A folder of a Unix file system as a source. Java cannot open a name that is not valid in the encoding of the file
 * system; such an entry is reported as a failure. Of the extended attributes only {@code user.*} are seen.
 */
public final class LocalSource {
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final String ATTRIBUTES = "unix:mode,uid,gid,ino,dev,rdev,nlink,size,lastModifiedTime,ctime";
    private static final int TYPE_MASK = 0170000;

    private final Map<Integer, String> users = new HashMap<>();
    private final Map<Integer, String> groups = new HashMap<>();

    private LocalSource() {}

    /**
     * A root that holds {@code folder} under all the names of its path, as restic lays out a backup of an absolute
     * path.
     */
    public static SourceDirectory of(Path folder) {
        var source = new LocalSource();
        var absolute = folder.toAbsolutePath().normalize();
        return source.ancestor(absolute.getRoot(), absolute, 0);
    }

    private SourceDirectory ancestor(Path at, Path folder, int depth) {
        var attributes = Attributes.of(0755, Instant.EPOCH);
        if (depth > 0) {
            try {
                attributes = attributes(at, read(at));
            } catch (IOException e) {
                // An ancestor that nobody may look at is stored without its attributes.
                attributes = Attributes.of(0755, Instant.EPOCH);
            }
        }
        if (depth == folder.getNameCount()) return new SourceDirectory(name(at), attributes, () -> list(at));
        SourceEntry.Children one = () -> List.of(ancestor(at.resolve(folder.getName(depth)), folder, depth + 1))
                .iterator();
        return new SourceDirectory(depth == 0 ? ByteString.of("root") : name(at), attributes, one);
    }

    private Iterator<SourceEntry> list(Path folder) throws IOException {
        var names = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder)) {
            stream.forEach(names::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort((a, b) -> name(a).compareTo(name(b)));
        return names.stream().map(this::entry).iterator();
    }

    /** One that cannot be looked at is a file that cannot be opened: the backup reports it and goes on. */
    private SourceEntry entry(Path path) {
        try {
            var unix = read(path);
            var attributes = attributes(path, unix);
            return switch ((int) number(unix, "mode") & TYPE_MASK) {
                case 0100000 ->
                    new SourceFile(name(path), attributes, number(unix, "size"), () -> Files.newInputStream(path));
                case 0040000 -> new SourceDirectory(name(path), attributes, () -> list(path));
                case 0120000 -> {
                    var target = Files.readSymbolicLink(path).toString().getBytes(NAMES);
                    yield new SourceOther(name(path), attributes, new Node.Symlink(ByteString.of(target)));
                }
                case 0060000 -> new SourceOther(name(path), attributes, new Node.Device(false, number(unix, "rdev")));
                case 0020000 -> new SourceOther(name(path), attributes, new Node.Device(true, number(unix, "rdev")));
                case 0010000 -> new SourceOther(name(path), attributes, new Node.Fifo());
                case 0140000 -> new SourceOther(name(path), attributes, new Node.Socket());
                default -> throw new IOException("unknown type of file: " + path);
            };
        } catch (IOException e) {
            return new SourceFile(name(path), Attributes.of(0, Instant.EPOCH), -1, () -> {
                throw e;
            });
        }
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

    private static ByteString name(Path path) {
        var name = path.getFileName();
        return ByteString.of(name == null ? new byte[0] : name.toString().getBytes(NAMES));
    }
}
