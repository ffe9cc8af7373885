package dev.holdfast.ingest.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class BodyTest {

    @Test
    void depthIsBoundedOnBothSides() {
        assertThat(read("[".repeat(64) + "]".repeat(64)).isArray()).isTrue();
        assertThatThrownBy(() -> read("[".repeat(65) + "]".repeat(65))).hasMessageContaining("64 deep");
    }

    @Test
    void surrogatePairMayBeEscapedButNotHalfOfIt() {
        assertThat(read("{\"a\": \"\\ud83d\\ude00\"}").path("a").asText()).hasSize(2);
        assertThatThrownBy(() -> read("{\"a\": [\"\\ud83d\"]}")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> read("{\"\\u0000\": 1}")).hasMessageContaining("U+0000");
    }

    @Test
    void numberIsWhat64BitsHold() {
        assertThat(read("[9223372036854775807, 1e308]").path(0).asLong()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> read("{\"a\": 9223372036854775808}")).hasMessageContaining("64 bits");
        assertThatThrownBy(() -> read("[[1e400]]")).hasMessageContaining("64 bits");
    }

    private static com.fasterxml.jackson.databind.JsonNode read(String body) {
        return Body.read(new ByteArrayInputStream(body.getBytes(UTF_8)));
    }
}
