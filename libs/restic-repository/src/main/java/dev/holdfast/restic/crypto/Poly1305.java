package dev.holdfast.restic.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The one-time authenticator of RFC 8439, with a 32-byte key r ‖ s. Numbers modulo 2^130-5 are kept in three limbs of
 * 44, 44 and 42 bits. Not thread-safe.
 */
final class Poly1305 {
    static final int TAG_BYTES = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MASK_44 = 0xFFFFFFFFFFFL;
    private static final long MASK_42 = 0x3FFFFFFFFFFL;

    private final byte[] lastBlock = new byte[16];
    private long h0;
    private long h1;
    private long h2;

    /** The tag of {@code length} bytes. {@code r} is clamped here, whether it was before or not. */
    byte[] tag(byte[] r, byte[] s, byte[] message, int offset, int length) {
        long low = (long) LONG.get(r, 0) & 0x0FFFFFFC0FFFFFFFL;
        long high = (long) LONG.get(r, 8) & 0x0FFFFFFC0FFFFFFCL;
        long r0 = low & MASK_44;
        long r1 = ((low >>> 44) | (high << 20)) & MASK_44;
        long r2 = high >>> 24;
        h0 = h1 = h2 = 0;
        int whole = length & ~15;
        absorb(message, offset, whole, r0, r1, r2, 1L << 40);
        if (whole < length) {
            Arrays.fill(lastBlock, (byte) 0);
            System.arraycopy(message, offset + whole, lastBlock, 0, length - whole);
            lastBlock[length - whole] = 1;
            absorb(lastBlock, 0, 16, r0, r1, r2, 0);
        }
        return finish((long) LONG.get(s, 0), (long) LONG.get(s, 8));
    }

    /**
     * A product a·r is cut at bit 44 (42 in the last limb) without a carry: its low part by a mask, its high part by
     * multiplying (a << 10)·(r << 10), which shifts the cut to bit 64.
     */
    private void absorb(byte[] in, int offset, int length, long r0, long r1, long r2, long topBit) {
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long r0Up = r0 << 10;
        long r1Up = r1 << 10;
        long s1Up = s1 << 10;
        long s2Up = s2 << 10;
        long r0Top = r0 << 12;
        long r1Top = r1 << 12;
        long r2Top = r2 << 12;
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        for (int at = offset, end = offset + length; at < end; at += 16) {
            long low = (long) LONG.get(in, at);
            long high = (long) LONG.get(in, at + 8);
            a0 += low & MASK_44;
            a1 += ((low >>> 44) | (high << 20)) & MASK_44;
            a2 += (high >>> 24) | topBit;
            long a0Up = a0 << 10;
            long a1Up = a1 << 10;
            long a2Up = a2 << 10;

            long d0 = ((a0 * r0) & MASK_44) + ((a1 * s2) & MASK_44) + ((a2 * s1) & MASK_44);
            long c0 = Math.multiplyHigh(a0Up, r0Up) + Math.multiplyHigh(a1Up, s2Up) + Math.multiplyHigh(a2Up, s1Up);
            long d1 = ((a0 * r1) & MASK_44) + ((a1 * r0) & MASK_44) + ((a2 * s2) & MASK_44);
            long c1 = Math.multiplyHigh(a0Up, r1Up) + Math.multiplyHigh(a1Up, r0Up) + Math.multiplyHigh(a2Up, s2Up);
            long d2 = ((a0 * r2) & MASK_42) + ((a1 * r1) & MASK_42) + ((a2 * r0) & MASK_42);
            long c2 = Math.multiplyHigh(a0Up, r2Top) + Math.multiplyHigh(a1Up, r1Top) + Math.multiplyHigh(a2Up, r0Top);

            d1 += c0 + (d0 >>> 44);
            d2 += c1 + (d1 >>> 44);
            a0 = (d0 & MASK_44) + (c2 + (d2 >>> 42)) * 5;
            a1 = (d1 & MASK_44) + (a0 >>> 44);
            a0 &= MASK_44;
            a2 = d2 & MASK_42;
        }
        h0 = a0;
        h1 = a1;
        h2 = a2;
    }

    /** 1 if the unsigned sum of {@code a} and {@code b} overflowed 64 bits. */
    private static long carry(long a, long b, long sum) {
        return ((a & b) | ((a | b) & ~sum)) >>> 63;
    }

    private byte[] finish(long sLow, long sHigh) {
        for (int i = 0; i < 2; i++) {
            h1 += h0 >>> 44;
            h0 &= MASK_44;
            h2 += h1 >>> 44;
            h1 &= MASK_44;
            h0 += (h2 >>> 42) * 5;
            h2 &= MASK_42;
        }
        h1 += h0 >>> 44;
        h0 &= MASK_44;
        long g0 = h0 + 5;
        long g1 = h1 + (g0 >>> 44);
        long g2 = h2 + (g1 >>> 44) - (1L << 42);
        if (g2 >= 0) { // h >= 2^130-5
            h0 = g0 & MASK_44;
            h1 = g1 & MASK_44;
            h2 = g2;
        }
        long low = h0 | (h1 << 44);
        long high = (h1 >>> 20) | (h2 << 24);
        long sumLow = low + sLow;
        var tag = new byte[TAG_BYTES];
        LONG.set(tag, 0, sumLow);
        LONG.set(tag, 8, high + sHigh + carry(low, sLow, sumLow));
        return tag;
    }
}
