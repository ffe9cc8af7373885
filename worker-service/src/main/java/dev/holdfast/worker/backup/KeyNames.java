package dev.holdfast.worker.backup;

import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import java.util.ArrayList;
import java.util.List;

/**
 * How the key of an object becomes the path of a file: its parts between slashes are names of folders and, the last, of
 * the file. What no file can be named begins with a percent sign in its place, and a part that begins so by itself with
 * {@code %25}, so that no two keys become one path. A key whose path is another text is kept as the attribute
 * {@code user.s3.key}.
 */
final class KeyNames {

    /** What file systems take, in bytes. */
    private static final int LONGEST = 255;

    private KeyNames() {}

    /** The names on the way to an object, its own last; for the key of a folder those on the way to it, and its own. */
    static List<ByteString> path(String key) {
        var names = new ArrayList<ByteString>();
        for (var part : key.split("/", -1)) names.add(name(part));
        return names;
    }

    /** The same for a folder; {@code prefix} ends with a slash. */
    static List<ByteString> folder(String prefix) {
        return path(prefix.substring(0, prefix.length() - 1));
    }

    /** The name of one part of a key, which has no slash. */
    static ByteString name(String part) {
        var name = ByteString.of(escaped(part));
        return name.length() <= LONGEST ? name : ByteString.of("%~" + hash(name));
    }

    private static String escaped(String part) {
        return switch (part) {
            case "" -> "%";
            case "." -> "%2E";
            case ".." -> "%2E%2E";
            default -> part.startsWith("%") ? "%25" + part.substring(1) : part;
        };
    }

    /** The name of a file beside a folder of the same name. */
    static ByteString besideFolder(ByteString name) {
        var beside = ByteString.of("%f" + name.text());
        return beside.length() <= LONGEST ? beside : ByteString.of("%F" + hash(name));
    }

    private static String hash(ByteString name) {
        return Id.hashOf(name.toByteArray()).toHex();
    }

    /** As people write paths, without a slash at the beginning. */
    static String shown(List<ByteString> path) {
        return String.join("/", path.stream().map(ByteString::text).toList());
    }
}
