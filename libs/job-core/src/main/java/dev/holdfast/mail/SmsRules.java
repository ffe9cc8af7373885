package dev.holdfast.mail;

import java.util.List;
import java.util.Optional;

/** Which phone numbers may get a text message. */
public final class SmsRules {

    private final boolean enabled;
    private final List<String> prefixes;

    /** Throws {@link IllegalArgumentException} naming a setting that is out of form. */
    public SmsRules(SmsConfig config) {
        config.senderId().ifPresent(id -> check("holdfast.sms.sender-id", id, "(?=.*[A-Za-z])[A-Za-z0-9]{1,11}"));
        this.enabled = config.enabled();
        this.prefixes = config.prefixes().orElse(List.of());
        prefixes.forEach(prefix -> check("holdfast.sms.prefixes", prefix, "\\+[1-9][0-9]{0,14}"));
    }

    private static void check(String key, String value, String pattern) {
        if (!value.matches(pattern)) {
            throw new IllegalArgumentException("%s must be %s, was %s".formatted(key, pattern, value));
        }
    }

    /** Why a number may not be told; empty: it may. */
    public Optional<String> objection(String number) {
        if (!enabled) return Optional.of("text messages are switched off here (holdfast.sms.enabled)");
        if (prefixes.isEmpty() || prefixes.stream().anyMatch(number::startsWith)) return Optional.empty();
        return Optional.of(
                "the operator allows text messages only to numbers that begin with " + String.join(", ", prefixes));
    }
}
