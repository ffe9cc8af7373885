package dev.holdfast.users;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What the link of a welcome mail carries.
 *
 * @param userId says whose token it is
 * @param secret 256 random bits, base64url
 */
public record ConfirmationToken(String userId, String secret) {

    /** How long after the registration its link works. */
    public static final Duration VALID = Duration.ofDays(7);

    /** Whether the time is over in which this user can confirm. */
    public static boolean isOver(User user, Instant now) {
        return !now.isBefore(user.createdAt().plus(VALID));
    }

    /** A new secret for a new user. */
    public static String newSecret() {
        var bits = new byte[32];
        new SecureRandom().nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** Reads the text form; empty when it is none. */
    public static Optional<ConfirmationToken> parse(String text) {
        var dot = text.indexOf('.');
        return dot == 36
                ? Optional.of(new ConfirmationToken(text.substring(0, dot), text.substring(dot + 1)))
                : Optional.empty();
    }

    /** The text form, safe in a URL. */
    @Override
    public String toString() {
        return userId + "." + secret;
    }
}
