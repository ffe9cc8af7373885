package dev.holdfast.restic.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Writes JSON byte for byte as Go's {@code encoding/json} does, because trees are named by the hash of these bytes. */
final class CanonicalJson {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;
    private boolean comma;

    CanonicalJson(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    CanonicalJson open(char bracket) {
        separate();
        put(bracket);
        comma = false;
        return this;
    }

    CanonicalJson close(char bracket) {
        put(bracket);
        comma = true;
        return this;
    }

    CanonicalJson name(String name) {
        separate();
        put('"');
        ascii(name);
        put('"');
        put(':');
        comma = false;
        return this;
    }

    CanonicalJson field(String name, String value) {
        return name(name).string(value);
    }

    /** Unsigned. */
    CanonicalJson field(String name, long value) {
        return name(name).raw(Long.toUnsignedString(value));
    }

    CanonicalJson field(String name, boolean value) {
        return name(name).raw(value ? "true" : "false");
    }

    CanonicalJson field(String name, Instant time) {
        return name(name).string(Times.format(time));
    }

    CanonicalJson field(String name, Id id) {
        return name(name).id(id);
    }

    CanonicalJson base64(String name, byte[] value) {
        return name(name).string(Base64.getEncoder().encodeToString(value));
    }

    /** Leaves an empty text out. */
    CanonicalJson optional(String name, String value) {
        return value.isEmpty() ? this : field(name, value);
    }

    /** Leaves 0 out. */
    CanonicalJson optional(String name, long value) {
        return value == 0 ? this : field(name, value);
    }

    /** Leaves an empty list out. */
    CanonicalJson optional(String name, List<String> values) {
        return values.isEmpty() ? this : field(name, values);
    }

    CanonicalJson field(String name, List<String> values) {
        name(name).open('[');
        values.forEach(this::string);
        return close(']');
    }

    CanonicalJson id(Id id) {
        separate();
        put('"');
        ascii(id.toHex());
        put('"');
        comma = true;
        return this;
    }

    /** JSON that is ready: a number, {@code null}, or text from another writer. */
    CanonicalJson raw(String json) {
        separate();
        var utf8 = json.getBytes(StandardCharsets.UTF_8);
        put(utf8, utf8.length);
        comma = true;
        return this;
    }

    CanonicalJson raw(byte[] json) {
        separate();
        put(json, json.length);
        comma = true;
        return this;
    }

    CanonicalJson string(String value) {
        separate();
        put('"');
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            character(c);
        }
        put('"');
        comma = true;
        return this;
    }

    CanonicalJson newline() {
        put('\n');
        return this;
    }

    private void character(int c) {
        switch (c) {
            case '"' -> ascii("\\\"");
            case '\\' -> ascii("\\\\");
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            case '\b' -> ascii("\\b");
            case '\f' -> ascii("\\f");
            case '<', '>', '&', 0x2028, 0x2029 -> unicodeEscape(c);
            default -> {
                if (c < 0x20) unicodeEscape(c);
                else if (c < 0x80) put((char) c);
                else utf8(Character.getType(c) == Character.SURROGATE ? 0xFFFD : c);
            }
        }
    }

    private void unicodeEscape(int c) {
        ascii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) put((char) HEX[(c >>> shift) & 15]);
    }

    private void utf8(int c) {
        if (c < 0x800) {
            put((char) (0xC0 | (c >>> 6)));
        } else {
            if (c < 0x10000) {
                put((char) (0xE0 | (c >>> 12)));
            } else {
                put((char) (0xF0 | (c >>> 18)));
                put((char) (0x80 | (c >>> 12 & 0x3F)));
            }
            put((char) (0x80 | (c >>> 6 & 0x3F)));
        }
        put((char) (0x80 | (c & 0x3F)));
    }

    private void separate() {
        if (comma) put(',');
        comma = false;
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) put(text.charAt(i));
    }

    private void put(char c) {
        if (size == bytes.length) grow(1);
        bytes[size++] = (byte) c;
    }

    private void put(byte[] from, int length) {
        if (bytes.length - size < length) grow(length);
        System.arraycopy(from, 0, bytes, size, length);
        size += length;
    }

    private void grow(int needed) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, needed), (int) Math.min(2L * size + 64, 1 << 30)));
    }
}
