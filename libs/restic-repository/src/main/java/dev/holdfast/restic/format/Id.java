package dev.holdfast.restic.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256, written as 64 lower-case hex digits: the name of a blob or of a stored object. */
public record Id(long a, long b, long c, long d) implements Comparable<Id> {
    public static final int BYTES = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final HexFormat HEX = HexFormat.of();

    /** Reads 32 bytes from {@code offset}. */
    public static Id at(byte[] bytes, int offset) {
        return new Id(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    public static Id hashOf(byte[] bytes) {
        return hashOf(bytes, 0, bytes.length);
    }

    public static Id hashOf(byte[] bytes, int offset, int length) {
        var digest = sha256();
        digest.update(bytes, offset, length);
        return of(digest);
    }

    /** Finishes and resets the digest. */
    public static Id of(MessageDigest sha256) {
        return at(sha256.digest(), 0);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Whether {@link #parse} takes it: exactly 64 lower-case hex digits. */
    public static boolean isId(String hex) {
        if (hex.length() != 2 * BYTES) return false;
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
        }
        return true;
    }

    /** Throws {@link ResticException.Damaged} if that is not an ID. */
    public static Id parse(String hex) {
        if (!isId(hex)) throw new ResticException.Damaged("not an ID: " + Text.excerpt(hex));
        return new Id(
                HexFormat.fromHexDigitsToLong(hex, 0, 16),
                HexFormat.fromHexDigitsToLong(hex, 16, 32),
                HexFormat.fromHexDigitsToLong(hex, 32, 48),
                HexFormat.fromHexDigitsToLong(hex, 48, 64));
    }

    public void writeTo(byte[] bytes, int offset) {
        LONG.set(bytes, offset, a);
        LONG.set(bytes, offset + 8, b);
        LONG.set(bytes, offset + 16, c);
        LONG.set(bytes, offset + 24, d);
    }

    public String toHex() {
        return HEX.toHexDigits(a) + HEX.toHexDigits(b) + HEX.toHexDigits(c) + HEX.toHexDigits(d);
    }

    /** The first 8 hex digits, as restic shows them. */
    public String brief() {
        return HEX.toHexDigits(a).substring(0, 8);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a); // already a hash
    }

    @Override
    public int compareTo(Id other) {
        int result = Long.compareUnsigned(a, other.a);
        if (result == 0) result = Long.compareUnsigned(b, other.b);
        if (result == 0) result = Long.compareUnsigned(c, other.c);
        return result == 0 ? Long.compareUnsigned(d, other.d) : result;
    }

    @Override
    public String toString() {
        return toHex();
    }
}
