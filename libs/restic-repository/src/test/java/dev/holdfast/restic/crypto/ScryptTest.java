package dev.holdfast.restic.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ScryptTest {
    @Test
    void derivesTheVectorOfTheFormatText() {
        var salt = new byte[64];
        for (int i = 0; i < 64; i++) salt[i] = (byte) i;
        var key = Scrypt.derive("pässwörd".getBytes(StandardCharsets.UTF_8), salt, 1024, 8, 1, 64);
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("46bf98d7733495948e649b8f90679399439a1e399c7ff8bc2879e62afdd174b2"
                        + "2acf4274cb4c6a03b25ff307bdb14ce7e8626791520f543389bb146aab5a277b");
    }

    @Test
    void derivesTheVectorsOfTheRfc() {
        assertThat(HexFormat.of().formatHex(Scrypt.derive(new byte[0], new byte[0], 16, 1, 1, 64)))
                .startsWith("77d6576238657b203b19ca42c18a0497");
        var key = Scrypt.derive(ascii("password"), ascii("NaCl"), 1024, 8, 16, 64);
        assertThat(HexFormat.of().formatHex(key)).startsWith("fdbabe1c9d3472007856e7190d01e9fe");
    }

    @Test
    void refusesParametersThatWouldTakeAllMemory() {
        assertThatThrownBy(() -> Scrypt.derive(ascii("x"), ascii("y"), 1 << 30, 8, 1, 64))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scrypt.derive(ascii("x"), ascii("y"), 2, Integer.MAX_VALUE, 1, 64))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scrypt.derive(ascii("x"), ascii("y"), 3, 8, 1, 64))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
