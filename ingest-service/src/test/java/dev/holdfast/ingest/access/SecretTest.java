package dev.holdfast.ingest.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretTest {

    private static final String TEXT = "hf_abcd1234_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @Test
    void newSecretsHaveTheFormAndAreAllDifferent() {
        var random = new SecureRandom();
        var seen = new HashSet<String>();
        for (var i = 0; i < 1_000; i++) {
            var secret = Secret.create(random);
            assertThat(Secret.parse(secret.text())).contains(secret);
            assertThat(seen.add(secret.text().substring(12))).isTrue();
        }
    }

    @Test
    void textOfAnotherFormIsNoSecret() {
        assertThat(Secret.parse(TEXT)).isPresent();
        assertThat(Secret.parse(TEXT + "A")).isEmpty();
        assertThat(Secret.parse(TEXT.substring(1))).isEmpty();
        assertThat(Secret.parse(TEXT.replace("abcd", "ABCD"))).isEmpty();
        assertThat(Secret.parse("")).isEmpty();
        assertThatThrownBy(() -> new Secret("hf_short")).hasMessageContaining("an API key is hf_");
    }

    @Test
    void secretBelongsToTheKeyWithItsHashOnly() {
        var now = Instant.ofEpochMilli(0);
        var key = ApiKey.create(new Secret(TEXT), "acme", "test", Set.of(Scope.ADMIN), now, Optional.empty());

        assertThat(new Secret(TEXT).isOf(key)).isTrue();
        assertThat(new Secret(TEXT.replace("_AAA", "_AAB")).isOf(key)).isFalse();
        assertThat(key.toString()).doesNotContain("AAAA");
    }

    @Test
    void secretIsNotSaidAloud() {
        assertThat(new Secret(TEXT)).hasToString("hf_abcd1234_…");
    }
}
