package dev.holdfast.restic.chunk;

/**
 * Tests positions for the cut condition: the Rabin fingerprint of the 64 bytes before it ends in 20 zero bits. Depends
 * on nothing but those 64 bytes, so that four stretches are scanned in step, which hides the latency of the table
 * look-ups. Immutable: one instance serves all threads.
 */
final class CutFinder {
    static final int WINDOW_BYTES = 64;
    private static final long CUT_MASK = (1 << 20) - 1;
    private static final int LANE_BYTES = 8 * 1024;
    private static final int LANES = 4;

    final long[] out = new long[256];
    final long[] mod = new long[256];

    CutFinder(Polynomial polynomial) {
        for (int b = 0; b < 256; b++) {
            long h = polynomial.append(0, b);
            for (int i = 0; i < WINDOW_BYTES - 1; i++) h = polynomial.append(h, 0);
            out[b] = h;
            long shifted = (long) b << Polynomial.DEGREE;
            mod[b] = modShifted(b, polynomial) | shifted;
        }
    }

    /** (b·x^53) mod pol; b·x^53 itself may have up to 61 bits, which a long holds. */
    private static long modShifted(int b, Polynomial polynomial) {
        return Polynomial.mod((long) b << Polynomial.DEGREE, polynomial.bits());
    }

    /**
     * The first position p with {@code from <= p <= to} whose 64 preceding bytes meet the condition, or -1. Needs
     * {@code from >= 64}.
     */
    int find(byte[] bytes, int from, int to) {
        int at = from;
        while (to - at >= LANES * LANE_BYTES) {
            int hit = findInLanes(bytes, at);
            if (hit >= 0) return hit;
            at += LANES * LANE_BYTES;
        }
        return findInOneLane(bytes, at, to);
    }

    private int findInOneLane(byte[] bytes, int from, int to) {
        long d = fingerprint(bytes, from);
        for (int p = from; ; p++) {
            if ((d & CUT_MASK) == 0) return p;
            if (p == to) return -1;
            d = step(d, bytes[p], bytes[p - WINDOW_BYTES]);
        }
    }

    /** Tests the positions {@code from} … {@code from + 4·LANE_BYTES - 1}. */
    private int findInLanes(byte[] bytes, int from) {
        long a = fingerprint(bytes, from);
        long b = fingerprint(bytes, from + LANE_BYTES);
        long c = fingerprint(bytes, from + 2 * LANE_BYTES);
        long d = fingerprint(bytes, from + 3 * LANE_BYTES);
        int hitB = -1;
        int hitC = -1;
        int hitD = -1;
        for (int p = from, end = from + LANE_BYTES; p < end; p++) {
            if ((a & CUT_MASK) == 0) return p;
            if ((b & CUT_MASK) == 0 && hitB < 0) hitB = p + LANE_BYTES;
            if ((c & CUT_MASK) == 0 && hitC < 0) hitC = p + 2 * LANE_BYTES;
            if ((d & CUT_MASK) == 0 && hitD < 0) hitD = p + 3 * LANE_BYTES;
            a = step(a, bytes[p], bytes[p - WINDOW_BYTES]);
            b = step(b, bytes[p + LANE_BYTES], bytes[p + LANE_BYTES - WINDOW_BYTES]);
            c = step(c, bytes[p + 2 * LANE_BYTES], bytes[p + 2 * LANE_BYTES - WINDOW_BYTES]);
            d = step(d, bytes[p + 3 * LANE_BYTES], bytes[p + 3 * LANE_BYTES - WINDOW_BYTES]);
        }
        if (hitB >= 0) return hitB;
        return hitC >= 0 ? hitC : hitD;
    }

    private long fingerprint(byte[] bytes, int position) {
        long d = 0;
        for (int p = position - WINDOW_BYTES; p < position; p++) d = step(d, bytes[p], (byte) 0);
        return d;
    }

    private long step(long d, byte in, byte leaving) {
        d ^= out[leaving & 0xFF];
        int top = (int) (d >>> 45) & 0xFF; // never above 255; the mask spares the bounds check
        return ((d << 8) | (in & 0xFF)) ^ mod[top];
    }
}
