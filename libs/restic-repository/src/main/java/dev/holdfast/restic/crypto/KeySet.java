package dev.holdfast.restic.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The three keys of section 2: {@code encrypt} (AES-256), {@code mac.k} (AES-128) and {@code mac.r} (Poly1305, clamped
 * only when used). Whoever has the master key set can read and write the whole repository.
 */
public final class KeySet {
    /** 32 bytes encrypt ‖ 16 bytes k ‖ 16 bytes r. */
    public static final int BYTES = 64;

    private final byte[] all;

    private KeySet(byte[] all) {
        this.all = all;
    }

    /**
     * Takes encrypt ‖ k ‖ r, for example the 64 bytes that scrypt gives.
     *
     * @throws IllegalArgumentException if there are not 64 bytes, or one of the keys is all zero
     */
    public static KeySet of(byte[] bytes) {
        if (bytes.length != BYTES) throw new IllegalArgumentException("a key set has 64 bytes, not " + bytes.length);
        var keys = new KeySet(bytes.clone());
        if (allZero(keys.encrypt()) || allZero(keys.macK()) || allZero(keys.macR())) {
            throw new IllegalArgumentException("a key must not be all zero");
        }
        return keys;
    }

    /** {@code random} must be cryptographically strong. */
    public static KeySet random(RandomGenerator random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return of(bytes);
    }

    /** 32 bytes. */
    public byte[] encrypt() {
        return Arrays.copyOfRange(all, 0, 32);
    }

    /** 16 bytes. */
    public byte[] macK() {
        return Arrays.copyOfRange(all, 32, 48);
    }

    /** 16 bytes, maybe not clamped. */
    public byte[] macR() {
        return Arrays.copyOfRange(all, 48, 64);
    }

    /** All 64 bytes, as {@link #of} takes them. */
    public byte[] toBytes() {
        return all.clone();
    }

    /** With r as it is used: restic clamps it when it adds a key. */
    private byte[] clamped() {
        var bytes = all.clone();
        for (int i = 3; i < 16; i += 4) bytes[48 + i] &= 0x0F;
        for (int i = 4; i < 16; i += 4) bytes[48 + i] &= (byte) 0xFC;
        return bytes;
    }

    static boolean allZero(byte[] bytes) {
        int or = 0;
        for (byte b : bytes) or |= b;
        return or == 0;
    }

    /** Two key sets are equal if they open the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof KeySet that && MessageDigest.isEqual(clamped(), that.clamped());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(clamped());
    }

    /** Never shows a key. */
    @Override
    public String toString() {
        return "KeySet[secret]";
    }
}
