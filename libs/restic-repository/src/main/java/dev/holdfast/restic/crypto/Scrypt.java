package dev.holdfast.restic.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** scrypt (RFC 7914), for keys of any length. */
public final class Scrypt {
    /** The most memory that parameters may ask for; restic's own stay below 60 MiB. */
    public static final int MAX_MEMORY_BYTES = 128 << 20;
    /** The most that n·r·p may be: 32 times restic's default, some seconds. */
    public static final int MAX_WORK = 1 << 23;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Scrypt() {}

    /**
     * Derives {@code length} bytes. Takes 128·n·r bytes of memory and about 100 ms at n = 32768, r = 8, p = 1.
     *
     * @param n cost, a power of two above 1
     * @param r block size, at least 1
     * @param p repetitions, 1 to 64
     * @throws IllegalArgumentException if a number is out of range, or memory or work over the limits
     */
    public static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int length) {
        if (n < 2 || Integer.bitCount(n) != 1)
            throw new IllegalArgumentException("scrypt N must be a power of 2: " + n);
        if (r < 1 || p < 1 || p > 64) throw new IllegalArgumentException("scrypt r=" + r + " p=" + p);
        if (r > MAX_WORK || 128L * r * n > MAX_MEMORY_BYTES || 1L * r * n * p > MAX_WORK) {
            throw new IllegalArgumentException("scrypt N=" + n + " r=" + r + " p=" + p + " needs too much");
        }
        var blocks = pbkdf2(password, salt, 128 * r * p);
        // Not on the heap, which would keep the size that it needed for this moment.
        try (var arena = Arena.ofConfined()) {
            var table = arena.allocate(128L * r * n);
            for (int i = 0; i < p; i++) mix(blocks, i * 128 * r, r, n, table);
        }
        return pbkdf2(password, blocks, length);
    }

    private static void mix(byte[] bytes, int offset, int r, int n, MemorySegment table) {
        int words = 32 * r;
        var x = new int[words];
        var y = new int[words];
        var row = new int[words];
        for (int i = 0; i < words; i++) x[i] = (int) INT.get(bytes, offset + 4 * i);
        for (int i = 0; i < n; i++) {
            MemorySegment.copy(x, 0, table, ValueLayout.JAVA_INT, 128L * r * i, words);
            blockMix(x, y);
            var swap = x;
            x = y;
            y = swap;
        }
        for (int i = 0; i < n; i++) {
            int from = x[words - 16] & (n - 1);
            MemorySegment.copy(table, ValueLayout.JAVA_INT, 128L * r * from, row, 0, words);
            for (int k = 0; k < words; k++) x[k] ^= row[k];
            blockMix(x, y);
            var swap = x;
            x = y;
            y = swap;
        }
        for (int i = 0; i < words; i++) INT.set(bytes, offset + 4 * i, x[i]);
    }

    private static void blockMix(int[] in, int[] out) {
        int blocks = in.length / 16;
        var x = Arrays.copyOfRange(in, in.length - 16, in.length);
        for (int i = 0; i < blocks; i++) {
            for (int k = 0; k < 16; k++) x[k] ^= in[16 * i + k];
            salsa20With8Rounds(x);
            int row = (i >> 1) + (i & 1) * (blocks / 2);
            System.arraycopy(x, 0, out, 16 * row, 16);
        }
    }

    private static void salsa20With8Rounds(int[] block) {
        var x = block.clone();
        for (int round = 0; round < 8; round += 2) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < 16; i++) block[i] += x[i];
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }

    /** PBKDF2-HMAC-SHA256 with one iteration; the JDK's own takes characters, not bytes. */
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            // An empty HMAC key equals a zero one, which SecretKeySpec accepts.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA256"));
            var out = new byte[length];
            for (int block = 1, at = 0; at < length; block++, at += 32) {
                mac.update(salt);
                mac.update(
                        new byte[] {(byte) (block >>> 24), (byte) (block >>> 16), (byte) (block >>> 8), (byte) block});
                System.arraycopy(mac.doFinal(), 0, out, at, Math.min(32, length - at));
            }
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }
}
