package dev.holdfast.restic.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens with one key set (section 2): nonce ‖ AES-256-CTR ciphertext ‖ Poly1305-AES tag over the ciphertext.
 * Keeps cipher state: one instance per thread.
 */
public final class Sealer {
    /** A sealed text is this many bytes longer than the plain one. */
    public static final int OVERHEAD_BYTES = 32;

    private static final int NONCE_BYTES = 16;
    /** HotSpot replaces the call of the AES loop, and calls it often enough only in slices. */
    private static final int SLICE_BYTES = 16 * 1024;

    private final SecretKeySpec encrypt;
    private final byte[] macR;
    private final Cipher stream;
    private final Cipher nonceCipher;
    private final Poly1305 poly = new Poly1305();
    private final RandomGenerator random;
    private final byte[] nonces = new byte[64 * NONCE_BYTES];
    private int nextNonce = nonces.length;

    /** {@code random} gives the nonces and must be cryptographically strong. */
    public Sealer(KeySet keys, RandomGenerator random) {
        try {
            this.encrypt = new SecretKeySpec(keys.encrypt(), "AES");
            this.macR = keys.macR();
            this.stream = Cipher.getInstance("AES/CTR/NoPadding");
            this.nonceCipher = Cipher.getInstance("AES/ECB/NoPadding");
            nonceCipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.macK(), "AES"));
            this.random = random;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES", e);
        }
    }

    /** Writes {@code length + 32} bytes to {@code sealed}, from 0, with a fresh nonce. */
    public void seal(byte[] plain, int offset, int length, byte[] sealed) {
        seal(freshNonce(), plain, offset, length, sealed);
    }

    /** As {@link #seal(byte[], int, int, byte[])}, into a new array. */
    public byte[] seal(byte[] plain) {
        var sealed = new byte[Math.addExact(plain.length, OVERHEAD_BYTES)];
        seal(plain, 0, plain.length, sealed);
        return sealed;
    }

    void seal(byte[] nonce, byte[] plain, int offset, int length, byte[] sealed) {
        System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
        crypt(nonce, plain, offset, length, sealed, NONCE_BYTES);
        var tag = poly.tag(macR, encryptNonce(nonce), sealed, NONCE_BYTES, length);
        System.arraycopy(tag, 0, sealed, NONCE_BYTES + length, Poly1305.TAG_BYTES);
    }

    /** Fetches randomness for many nonces at once, for that is a system call behind a lock. */
    private byte[] freshNonce() {
        while (true) {
            if (nextNonce == nonces.length) {
                random.nextBytes(nonces);
                nextNonce = 0;
            }
            var nonce = Arrays.copyOfRange(nonces, nextNonce, nextNonce + NONCE_BYTES);
            nextNonce += NONCE_BYTES;
            if (!KeySet.allZero(nonce)) return nonce;
        }
    }

    /**
     * Checks the tag, then decrypts into {@code plain}, from 0.
     *
     * @return the plain length: 32 less
     * @throws AEADBadTagException if the bytes are too few, changed, or sealed with another key
     */
    public int open(byte[] sealed, int offset, int length, byte[] plain) throws AEADBadTagException {
        if (length < OVERHEAD_BYTES) throw new AEADBadTagException("only " + length + " bytes");
        var nonce = Arrays.copyOfRange(sealed, offset, offset + NONCE_BYTES);
        int plainLength = length - OVERHEAD_BYTES;
        int tagAt = offset + length - Poly1305.TAG_BYTES;
        var tag = Arrays.copyOfRange(sealed, tagAt, tagAt + Poly1305.TAG_BYTES);
        var expected = poly.tag(macR, encryptNonce(nonce), sealed, offset + NONCE_BYTES, plainLength);
        if (KeySet.allZero(nonce) || !MessageDigest.isEqual(tag, expected)) {
            throw new AEADBadTagException("the authentication tag does not match");
        }
        crypt(nonce, sealed, offset + NONCE_BYTES, plainLength, plain, 0);
        return plainLength;
    }

    /** As {@link #open(byte[], int, int, byte[])}, into a new array. */
    public byte[] open(byte[] sealed, int offset, int length) throws AEADBadTagException {
        var plain = new byte[Math.max(0, length - OVERHEAD_BYTES)];
        open(sealed, offset, length, plain);
        return plain;
    }

    public byte[] open(byte[] sealed) throws AEADBadTagException {
        return open(sealed, 0, sealed.length);
    }

    private void crypt(byte[] nonce, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
        try {
            stream.init(Cipher.ENCRYPT_MODE, encrypt, new IvParameterSpec(nonce)); // decrypting is the same in CTR mode
            int done = 0;
            while (length - done > SLICE_BYTES) {
                done += stream.update(in, inOffset + done, SLICE_BYTES, out, outOffset + done);
            }
            stream.doFinal(in, inOffset + done, length - done, out, outOffset + done);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR failed", e);
        }
    }

    private byte[] encryptNonce(byte[] nonce) {
        try {
            return nonceCipher.doFinal(nonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES failed", e);
        }
    }
}
