package dev.holdfast.restic.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

class SealerTest {
    private static final HexFormat HEX = HexFormat.of();
    private final Sealer sealer = new Sealer(KeySet.of(counting(0, 64)), new SecureRandom());

    private static byte[] counting(int from, int count) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = (byte) (from + i);
        return bytes;
    }

    @Test
    void sealsTheVectorOfTheFormatText() {
        var plain = "hello restic".getBytes(StandardCharsets.US_ASCII);
        var sealed = new byte[plain.length + Sealer.OVERHEAD_BYTES];
        sealer.seal(counting(0x40, 16), plain, 0, plain.length, sealed);
        assertThat(HEX.formatHex(sealed))
                .isEqualTo("404142434445464748494a4b4c4d4e4f" + "cb1bb353f87ac88ae00f0ba4"
                        + "818f299f0076bb28b1499f7278ed527b");
    }

    @Test
    void opensWhatItSealedAtAnyLengthAndOffset() throws Exception {
        var random = new Random(1);
        for (int length : new int[] {0, 1, 15, 16, 17, 16383, 16384, 16385, 100_000}) {
            var plain = new byte[length + 3];
            random.nextBytes(plain);
            var sealed = new byte[length + Sealer.OVERHEAD_BYTES];
            sealer.seal(plain, 3, length, sealed);
            var padded = new byte[sealed.length + 5];
            System.arraycopy(sealed, 0, padded, 5, sealed.length);
            assertThat(sealer.open(padded, 5, sealed.length)).isEqualTo(Arrays.copyOfRange(plain, 3, length + 3));
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        var sealed = sealer.seal(new byte[20]);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            var flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> sealer.open(flipped)).isInstanceOf(AEADBadTagException.class);
        }
    }

    @Test
    void tooShortIsNoticed() {
        assertThatThrownBy(() -> sealer.open(new byte[31])).isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void theTagIsPoly1305ComputedWithBigIntegers() {
        var random = new Random(2);
        for (int round = 0; round < 500; round++) {
            var r = new byte[16];
            var s = new byte[16];
            var message = new byte[random.nextInt(100)];
            random.nextBytes(r);
            random.nextBytes(s);
            random.nextBytes(message);
            if (round % 3 == 0) Arrays.fill(message, (byte) 0xFF); // carries
            if (round % 5 == 0) Arrays.fill(r, (byte) 0xFF);
            assertThat(new Poly1305().tag(r, s, message, 0, message.length)).isEqualTo(slowly(r, s, message));
        }
    }

    private static byte[] slowly(byte[] r, byte[] s, byte[] message) {
        var prime = BigInteger.ONE.shiftLeft(130).subtract(BigInteger.valueOf(5));
        var clamped = number(r, 0, 16).and(new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16));
        var h = BigInteger.ZERO;
        for (int at = 0; at < message.length; at += 16) {
            int end = Math.min(at + 16, message.length);
            var block = number(message, at, end).setBit(8 * (end - at));
            h = h.add(block).multiply(clamped).mod(prime);
        }
        var tag = h.add(number(s, 0, 16));
        var bytes = new byte[16];
        for (int i = 0; i < 16; i++) bytes[i] = tag.shiftRight(8 * i).byteValue();
        return bytes;
    }

    private static BigInteger number(byte[] littleEndian, int from, int to) {
        var bigEndian = new byte[to - from];
        for (int i = from; i < to; i++) bigEndian[to - 1 - i] = littleEndian[i];
        return new BigInteger(1, bigEndian);
    }
}
