package dev.holdfast.ingest.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The text of an API key: {@code hf_} and 8 letters or digits, which name it and are no secret, {@code _}, and 256
 * random bits.
 */
public record Secret(String text) {

    /** The form of what a key is called. */
    static final Pattern ID = Pattern.compile("hf_[a-z0-9]{8}");

    private static final Pattern FORM = Pattern.compile("hf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int NAME_LENGTH = 8;
    private static final int ID_LENGTH = 11;
    private static final int RANDOM_BYTES = 32;

    public Secret {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an API key is hf_, 8 letters or digits, _ and 43 characters of base64url");
        }
    }

    /** Empty when the text has not the form of a key. */
    static Optional<Secret> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new Secret(text)) : Optional.empty();
    }

    /** @param random must not be guessed */
    static Secret create(RandomGenerator random) {
        var name = new StringBuilder();
        for (var i = 0; i < NAME_LENGTH; i++) name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        var bits = new byte[RANDOM_BYTES];
        random.nextBytes(bits);
        return new Secret(
                "hf_" + name + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** What the key is called. It opens nothing. */
    String id() {
        return text.substring(0, ID_LENGTH);
    }

    /** SHA-256, hexadecimal: all that is kept of the key. 256 random bits need no salt and no slow hash. */
    String hash() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Compares in a time that does not tell how much of it is right. */
    boolean isOf(ApiKey key) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), key.hash().getBytes(StandardCharsets.US_ASCII));
    }

    /** Without the secret, for it must not reach a log. */
    @Override
    public String toString() {
        return id() + "_…";
    }
}
