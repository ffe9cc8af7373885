package dev.holdfast.restic.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    private static final Polynomial POLYNOMIAL = Polynomial.parse("3da3358b4dc173");

    @Test
    void theTablesAreThoseOfTheFormatText() {
        var cuts = new CutFinder(POLYNOMIAL);
        assertThat(hex(cuts.out[1], cuts.out[2], cuts.out[255]))
                .containsExactly("17eb4232e19216", "1275b1ee8ee55f", "b80b98cecc39a");
        assertThat(hex(cuts.mod[1], cuts.mod[2], cuts.mod[255]))
                .containsExactly("3da3358b4dc173", "46e55e9dd64395", "1ff7ac8a5af476a7");
    }

    private static List<String> hex(long... values) {
        return java.util.Arrays.stream(values).mapToObj(Long::toHexString).toList();
    }

    @Test
    void cutsTheVectorOfTheFormatTextAsResticDoes() throws Exception {
        // given
        var data = vector();
        var lengths = new ArrayList<Integer>();
        var ids = new ArrayList<String>();
        // when
        new Chunker(POLYNOMIAL).cut(new ByteArrayInputStream(data), (bytes, length) -> {
            lengths.add(length);
            ids.add(HexFormat.of().formatHex(sha256(bytes, length)));
        });
        // then
        assertThat(lengths)
                .containsExactly(
                        2954950, 1586285, 1977297, 1649701, 1681192, 595664, 3593906, 525861, 1514132, 2249360, 1015821,
                        1427637, 2194965, 1227079, 646588, 1056100, 1108983, 2158303, 1469914, 1018937, 611242, 1097550,
                        192965);
        assertThat(ids.getFirst()).isEqualTo("289cc1c6c3ea1a040eedfa33cd3c106d7877fa494afb72e7249a9bdb11b1a136");
        assertThat(ids.getLast()).isEqualTo("b29c8f7b37f9fd76d73fc7dc71dfaef3c366ddcbe1f95800b8821fef0fc874ab");
    }

    private static byte[] vector() throws Exception {
        var sha = MessageDigest.getInstance("SHA-256");
        var data = new byte[32 << 20];
        for (int i = 0; i < data.length / 32; i++) {
            sha.update(ByteBuffer.allocate(8).putLong(i).array());
            sha.digest(data, 32 * i, 32);
        }
        return data;
    }

    private static byte[] sha256(byte[] bytes, int length) throws IOException {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes, 0, length);
            return sha.digest();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    @Test
    void cutsDoNotDependOnHowTheStreamIsRead() throws Exception {
        var data = new byte[6 << 20];
        new Random(3).nextBytes(data);
        var random = new Random(4);
        var dripping = new InputStream() {
            private final InputStream in = new ByteArrayInputStream(data);

            @Override
            public int read() throws IOException {
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return in.read(bytes, offset, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };
        assertThat(lengths(dripping)).isEqualTo(lengths(new ByteArrayInputStream(data)));
    }

    @Test
    void aShortStreamIsOneChunkAndAnEmptyOneNone() throws Exception {
        assertThat(lengths(new ByteArrayInputStream(new byte[0]))).isEmpty();
        assertThat(lengths(new ByteArrayInputStream(new byte[1]))).containsExactly(1);
        assertThat(lengths(new ByteArrayInputStream(new byte[Chunker.MIN_BYTES])))
                .containsExactly(Chunker.MIN_BYTES);
    }

    @Test
    void zerosAreCutAtTheMinimum() throws Exception {
        assertThat(lengths(new ByteArrayInputStream(new byte[3 * Chunker.MIN_BYTES + 1])))
                .containsExactly(Chunker.MIN_BYTES, Chunker.MIN_BYTES, Chunker.MIN_BYTES, 1);
    }

    @Test
    void aStretchWithoutACutEndsAtTheMaximum() throws Exception {
        var data = new byte[9 << 20];
        java.util.Arrays.fill(data, (byte) 1);
        assertThat(lengths(new ByteArrayInputStream(data))).containsExactly(Chunker.MAX_BYTES, 1 << 20);
    }

    private static List<Integer> lengths(InputStream in) throws IOException {
        var lengths = new ArrayList<Integer>();
        new Chunker(POLYNOMIAL).cut(in, (_, length) -> lengths.add(length));
        return lengths;
    }

    @Test
    void onlyIrreduciblePolynomialsOfDegree53AreTaken() {
        assertThatThrownBy(() -> Polynomial.parse("3da3358b4dc175")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Polynomial.parse("3")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Polynomial.parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Polynomial.parse("3da3358b4dc173").toHex()).isEqualTo("3da3358b4dc173");
    }

    @Test
    void aRandomPolynomialIsAccepted() {
        var polynomial = Polynomial.random(new Random(5));
        assertThat(Polynomial.parse(polynomial.toHex())).isEqualTo(polynomial);
    }
}
