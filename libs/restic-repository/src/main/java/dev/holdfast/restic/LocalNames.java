package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of paths. Java shows them as text, in an encoding that not all bytes are valid in, but keeps them. */
final class LocalNames {

    private static final char NO_TEXT = '\uFFFD';
    private static final HexFormat HEX = HexFormat.of();

    private final Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /**
     * The path of those bytes, which need not be text in any encoding.
     *
     * @throws IllegalArgumentException when they are no path on any system: none, or a zero among them
     */
    static Path path(ByteString bytes) {
        var text = new StringBuilder();
        for (var one : bytes.toByteArray()) {
            if (one == '/') text.append('/');
            else text.append('%').append(HEX.toHexDigits(one));
        }
        if (!text.isEmpty() && text.charAt(0) == '/') return Path.of(URI.create("file://" + text));
        var absolute = Path.of(URI.create("file:///" + text));
        return absolute.subpath(0, absolute.getNameCount());
    }

    /** Of the last element of a path. */
    ByteString name(Path path) {
        var name = path.getFileName();
        return name == null ? ByteString.of("") : bytes(name);
    }

    /** Of a whole path. */
    ByteString bytes(Path path) {
        var text = path.toString();
        return ByteString.of(text.indexOf(NO_TEXT) < 0 ? text.getBytes(encoding) : raw(path, text));
    }

    /** An URI has all bytes, and a slash at the end if a folder is there. */
    private static byte[] raw(Path path, String text) {
        var bytes = unescaped(path.toUri().getRawPath());
        if (!text.endsWith("/") && bytes[bytes.length - 1] == '/') bytes = Arrays.copyOf(bytes, bytes.length - 1);
        if (path.isAbsolute()) return bytes;
        var before = unescaped(Path.of("").toAbsolutePath().toUri().getRawPath());
        var skipped = before[before.length - 1] == '/' ? before.length : before.length + 1;
        return Arrays.copyOfRange(bytes, skipped, bytes.length);
    }

    private static byte[] unescaped(String uri) {
        var bytes = new ByteArrayOutputStream();
        var ascii = uri.getBytes(StandardCharsets.US_ASCII);
        for (var i = 0; i < ascii.length; i++) {
            if (ascii[i] == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(ascii[i]);
            }
        }
        return bytes.toByteArray();
    }
}
