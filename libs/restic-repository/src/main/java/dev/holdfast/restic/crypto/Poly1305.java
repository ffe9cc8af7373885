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

    private void absorb(byte[] in, int offset, int length, long r0, long r1, long r2, long topBit) {
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        for (int at = offset, end = offset + length; at < end; at += 16) {
            long low = (long) LONG.get(in, at);
            long high = (long) LONG.get(in, at + 8);
            a0 += low & MASK_44;
            a1 += ((low >>> 44) | (high << 20)) & MASK_44;
            a2 += (high >>> 24) | topBit;

            long x = a0 * r0;
            long y = a1 * s2;
            long z = a2 * s1;
            long lo = x + y;
            long hi = Math.multiplyHigh(a0, r0) + Math.multiplyHigh(a1, s2) + Math.multiplyHigh(a2, s1);
            hi += carry(x, y, lo);
            long d0 = lo + z;
            hi += carry(lo, z, d0);
            long carry = (hi << 20) | (d0 >>> 44);

            x = a0 * r1;
            y = a1 * r0;
            z = a2 * s2;
            lo = x + y;
            hi = Math.multiplyHigh(a0, r1) + Math.multiplyHigh(a1, r0) + Math.multiplyHigh(a2, s2);
            hi += carry(x, y, lo);
            long d1 = lo + z;
            hi += carry(lo, z, d1);
            lo = d1 + carry;
            hi += carry(d1, carry, lo);
            d1 = lo;
            carry = (hi << 20) | (d1 >>> 44);

            x = a0 * r2;
            y = a1 * r1;
            z = a2 * r0;
            lo = x + y;
            hi = Math.multiplyHigh(a0, r2) + Math.multiplyHigh(a1, r1) + Math.multiplyHigh(a2, r0);
            hi += carry(x, y, lo);
            long d2 = lo + z;
            hi += carry(lo, z, d2);
            lo = d2 + carry;
            hi += carry(d2, carry, lo);
            d2 = lo;
            carry = (hi << 22) | (d2 >>> 42);

            a0 = (d0 & MASK_44) + carry * 5;
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
