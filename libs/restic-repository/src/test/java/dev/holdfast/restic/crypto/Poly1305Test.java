package dev.holdfast.restic.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the definition, in numbers of any size; all ones are where a limb would overflow. */
class Poly1305Test {
    private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(130).subtract(BigInteger.valueOf(5));

    private final Random random = new Random(1305);
    private final Poly1305 poly = new Poly1305();

    @Test
    void agreesWithTheDefinition() {
        for (int length = 0; length < 200; length++) {
            for (int round = 0; round < 16; round++) {
                var r = bytes(16, (round & 1) != 0);
                var s = bytes(16, (round & 2) != 0);
                var message = bytes(length, (round & 4) != 0);
                assertThat(poly.tag(r, s, message, 0, length)).isEqualTo(byDefinition(r, s, message));
            }
        }
    }

    private byte[] bytes(int length, boolean ones) {
        var bytes = new byte[length];
        if (ones) Arrays.fill(bytes, (byte) -1);
        else random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] byDefinition(byte[] r, byte[] s, byte[] message) {
        var clamped = r.clone();
        for (int i = 3; i < 16; i += 4) clamped[i] &= 0x0F;
        for (int i = 4; i < 16; i += 4) clamped[i] &= (byte) 0xFC;
        var sum = BigInteger.ZERO;
        for (int at = 0; at < message.length; at += 16) {
            int length = Math.min(16, message.length - at);
            var block = Arrays.copyOfRange(message, at, at + length + 1);
            block[length] = 1;
            sum = sum.add(number(block)).multiply(number(clamped)).mod(PRIME);
        }
        sum = sum.add(number(s));
        var tag = new byte[16];
        for (int i = 0; i < 16; i++) tag[i] = sum.shiftRight(8 * i).byteValue();
        return tag;
    }

    private static BigInteger number(byte[] littleEndian) {
        var bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        return new BigInteger(1, bigEndian);
    }
}
