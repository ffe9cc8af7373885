package dev.holdfast.restic.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How names of files stand in a tree: Go's {@code strconv.Quote} without the outer quotes (section 9). */
final class NameQuoting {
    private static final HexFormat HEX = HexFormat.of();
    private static final String SHORT_ESCAPES = "abfnrtv\\\"";
    private static final String SHORT_ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"";

    private NameQuoting() {}

    static String quote(byte[] name) {
        var quoted = new StringBuilder(name.length + 8);
        for (int at = 0; at < name.length; ) {
            int width = Utf8.width(name, at);
            if (width == 0) {
                quoted.append("\\x").append(HEX.toHexDigits(name[at++]));
            } else {
                quote(Utf8.codePoint(name, at, width), quoted);
                at += width;
            }
        }
        return quoted.toString();
    }

    private static void quote(int c, StringBuilder quoted) {
        int escape = SHORT_ESCAPED.indexOf(c);
        if (escape >= 0) quoted.append('\\').append(SHORT_ESCAPES.charAt(escape));
        else if (printable(c)) quoted.appendCodePoint(c);
        else if (c < 0x80) quoted.append("\\x").append(HEX.toHexDigits((byte) c));
        else if (c < 0x10000) quoted.append("\\u").append(HEX.toHexDigits((char) c));
        else quoted.append("\\U").append(HEX.toHexDigits(c));
    }

    private static boolean printable(int c) {
        if (c < 0x80) return c >= ' ' && c != 0x7F;
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Throws {@link ResticException.Damaged} if an escape is unknown or cut off. */
    static byte[] unquote(String quoted) {
        if (quoted.indexOf('\\') < 0 && quoted.indexOf('"') < 0) return quoted.getBytes(StandardCharsets.UTF_8);
        var name = new ByteArrayOutputStream(quoted.length());
        for (int at = 0; at < quoted.length(); ) {
            int c = quoted.codePointAt(at);
            if (c == '"') throw damaged(quoted);
            if (c == '\\') {
                at = unescape(quoted, at + 1, name);
            } else {
                name.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(c);
            }
        }
        return name.toByteArray();
    }

    private static int unescape(String quoted, int at, ByteArrayOutputStream name) {
        if (at >= quoted.length()) throw damaged(quoted);
        char c = quoted.charAt(at);
        int shortEscape = SHORT_ESCAPES.indexOf(c);
        if (shortEscape >= 0) {
            name.write(SHORT_ESCAPED.charAt(shortEscape));
            return at + 1;
        }
        int digits = switch (c) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> throw damaged(quoted);
        };
        int end = at + 1 + digits;
        if (end > quoted.length()) throw damaged(quoted);
        int value;
        try {
            value = HexFormat.fromHexDigits(quoted, at + 1, end);
        } catch (NumberFormatException e) {
            throw damaged(quoted);
        }
        if (c == 'x') {
            name.write(value);
        } else {
            if (!Character.isValidCodePoint(value)) throw damaged(quoted);
            name.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
        }
        return end;
    }

    private static ResticException.Damaged damaged(String quoted) {
        return new ResticException.Damaged("bad escape in the name " + Text.excerpt(quoted));
    }
}
