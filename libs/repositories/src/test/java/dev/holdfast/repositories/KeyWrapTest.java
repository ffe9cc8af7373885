package dev.holdfast.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.crypto.KeySet;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;

class KeyWrapTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeySet master = KeySet.random(RANDOM);

    @Test
    void configuredKeyOpensWhatItWrapped() {
        var wrap = configured((byte) 1);

        var wrapped = wrap.wrap(master, "acme", "photos");

        assertThat(wrapped).startsWith("key:");
        assertThat(wrap.unwrap(wrapped, "acme", "photos")).isEqualTo(master);
    }

    @Test
    void whatIsWrappedForOneRepositoryOpensForNoOther() {
        var wrap = configured((byte) 1);
        var wrapped = wrap.wrap(master, "acme", "photos");

        assertThatThrownBy(() -> wrap.unwrap(wrapped, "acme", "letters")).isInstanceOf(KeyUnavailableException.class);
        assertThatThrownBy(() -> wrap.unwrap(wrapped, "other", "photos")).isInstanceOf(KeyUnavailableException.class);
        assertThatThrownBy(() -> configured((byte) 2).unwrap(wrapped, "acme", "photos"))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("another holdfast.repositories.key");
    }

    @Test
    void withoutAnyKeyNothingIsWrapped() {
        var wrap = new KeyWrap(Optional.empty(), Optional.empty(), KeyWrapTest::noKms, RANDOM);

        assertThatThrownBy(() -> wrap.wrap(master, "acme", "photos"))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("holdfast.repositories.kms-key");
    }

    @Test
    void keyOfTheWrongLengthIsRefusedByItsName() {
        for (var key : new String[] {"", "c2hvcnQ=", "not base64!"}) {
            assertThatThrownBy(() -> new KeyWrap(Optional.empty(), Optional.of(key), KeyWrapTest::noKms, RANDOM))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holdfast.repositories.key");
        }
    }

    @Test
    void kmsOpensWhatItWrappedForThatRepositoryOnly() throws Exception {
        try (var kms = new KmsStandIn()) {
            var wrap = new KeyWrap(Optional.of("alias/holdfast"), Optional.empty(), kms::client, RANDOM);

            var wrapped = wrap.wrap(master, "acme", "photos");

            assertThat(wrapped).startsWith("kms:");
            assertThat(wrap.unwrap(wrapped, "acme", "photos")).isEqualTo(master);
            assertThatThrownBy(() -> wrap.unwrap(wrapped, "other", "photos"))
                    .isInstanceOf(KeyUnavailableException.class);
        }
    }

    @Test
    void disabledKmsKeyIsAPermanentFailure() throws Exception {
        try (var kms = new KmsStandIn()) {
            var wrap = new KeyWrap(Optional.of("alias/holdfast"), Optional.empty(), kms::client, RANDOM);
            var wrapped = wrap.wrap(master, "acme", "photos");

            kms.disable();

            assertThatThrownBy(() -> wrap.unwrap(wrapped, "acme", "photos"))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContaining("photos");
        }
    }

    private static KeyWrap configured(byte fill) {
        var key = new byte[32];
        Arrays.fill(key, fill);
        var base64 = Base64.getEncoder().encodeToString(key);
        return new KeyWrap(Optional.empty(), Optional.of(base64), KeyWrapTest::noKms, RANDOM);
    }

    private static KmsClient noKms() {
        throw new AssertionError("KMS is not to be asked");
    }
}
