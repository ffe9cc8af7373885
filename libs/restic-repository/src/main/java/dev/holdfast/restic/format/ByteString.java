package dev.holdfast.restic.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Immutable bytes: a file name, the target of a link, the value of an attribute. Names are bytes because a
 * {@link String} cannot hold one that is not valid UTF-8. Ordered as unsigned bytes, as trees are.
 */
public final class ByteString implements Comparable<ByteString> {
    private final byte[] bytes;

    private ByteString(byte[] bytes) {
        this.bytes = bytes;
    }

    public static ByteString of(byte[] bytes) {
        return new ByteString(bytes.clone());
    }

    public static ByteString of(String text) {
        return new ByteString(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toByteArray() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    /**
     * Whether this can name one entry of a directory: not empty, no slash or zero byte, not {@code .} or {@code ..}.
     */
    public boolean isFileName() {
        for (byte b : bytes) if (b == '/' || b == 0) return false;
        return bytes.length > 0 && !(bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.')));
    }

    public boolean isUtf8() {
        return Arrays.equals(bytes, text().getBytes(StandardCharsets.UTF_8));
    }

    /** As UTF-8; what is not valid becomes U+FFFD. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** As Go quotes it, without the quotes: reversible, and safe to print. */
    @Override
    public String toString() {
        return NameQuoting.quote(bytes);
    }

    byte at(int index) {
        return bytes[index];
    }

    @Override
    public int compareTo(ByteString other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
