package dev.holdfast.restic.chunk;

import java.util.random.RandomGenerator;

/**
 * An irreducible polynomial of degree 53 over GF(2); bit i of {@code bits} is the coefficient of x^i. Every repository
 * has its own, so that the sizes of the chunks of a known file differ.
 */
public record Polynomial(long bits) {
    static final int DEGREE = 53;

    /** Throws {@link IllegalArgumentException} if the degree is not 53 or the polynomial is reducible. */
    public Polynomial {
        if (degree(bits) != DEGREE || !irreducible(bits)) {
            throw new IllegalArgumentException(Long.toHexString(bits) + " is not irreducible of degree 53");
        }
    }

    /** Takes a few milliseconds. */
    public static Polynomial random(RandomGenerator random) {
        while (true) {
            long candidate = (random.nextLong() & ((1L << 54) - 1)) | (1L << 53) | 1;
            if (irreducible(candidate)) return new Polynomial(candidate);
        }
    }

    /**
     * Reads 1 to 16 hex digits, as in {@code config}.
     *
     * @throws IllegalArgumentException if that is not an irreducible polynomial of degree 53
     */
    public static Polynomial parse(String hex) {
        if (hex.isEmpty() || hex.length() > 16) throw new IllegalArgumentException("not a polynomial: " + hex);
        return new Polynomial(Long.parseUnsignedLong(hex, 16));
    }

    public String toHex() {
        return Long.toHexString(bits);
    }

    /** h·x^8 + b modulo this. */
    long append(long h, int b) {
        return mod((h << 8) | b, bits);
    }

    static int degree(long p) {
        return 63 - Long.numberOfLeadingZeros(p);
    }

    static long mod(long p, long modulus) {
        int degree = degree(modulus);
        while (degree(p) >= degree) p ^= modulus << (degree(p) - degree);
        return p;
    }

    /** Ben-Or: f is irreducible iff gcd(f, x^(2^i) + x) = 1 for i = 1 … degree/2. */
    private static boolean irreducible(long f) {
        long q = 2;
        for (int i = 1; i <= DEGREE / 2; i++) {
            q = multiplyModulo(q, q, f);
            if (gcd(f, q ^ 2) != 1) return false;
        }
        return true;
    }

    private static long multiplyModulo(long a, long b, long f) {
        long product = 0;
        for (; b != 0; b >>>= 1) {
            if ((b & 1) != 0) product ^= a;
            a <<= 1;
            if ((a >>> DEGREE & 1) != 0) a ^= f;
        }
        return product;
    }

    private static long gcd(long a, long b) {
        while (b != 0) {
            long rest = mod(a, b);
            a = b;
            b = rest;
        }
        return a;
    }
}
