package dev.holdfast.webhook;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What calls of a webhook are signed with, in the form of Standard Webhooks: {@code whsec_} and 256 random bits in
 * Base64.
 *
 * @param until when it is used no more; empty: it is the newest
 */
public record SigningSecret(String text, Optional<Instant> until) {

    private static final String PREFIX = "whsec_";
    private static final int RANDOM_BYTES = 32;

    /**
     * A new secret.
     *
     * @param random must not be guessed
     */
    public static SigningSecret create(RandomGenerator random) {
        var bits = new byte[RANDOM_BYTES];
        random.nextBytes(bits);
        return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(bits), Optional.empty());
    }

    /** The same, ending then or when it was to end before. */
    SigningSecret until(Instant end) {
        return new SigningSecret(text, Optional.of(until.filter(end::isAfter).orElse(end)));
    }

    /** The key of the HMAC. */
    public byte[] key() {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    }

    /** Not the secret: what is logged is no place for it. */
    @Override
    public String toString() {
        return "a signing secret";
    }
}
