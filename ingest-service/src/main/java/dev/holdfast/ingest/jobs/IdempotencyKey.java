package dev.holdfast.ingest.jobs;

import dev.holdfast.ingest.http.ProblemException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code Idempotency-Key}: 1 to 128 printable ASCII characters, bare or in quotes (RFC 8941 string). */
public record IdempotencyKey(String value) {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]{1,128}");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"");

    /** Empty when there is no header; a problem 422 when it is malformed. */
    public static Optional<IdempotencyKey> parse(@Nullable String header) {
        if (header == null) return Optional.empty();
        var text = header.strip();
        if (text.startsWith("\"")) {
            var quoted = QUOTED.matcher(text);
            if (!quoted.matches()) throw malformed();
            text = quoted.group(1).replaceAll("\\\\(.)", "$1");
        }
        if (!PRINTABLE.matcher(text).matches()) throw malformed();
        return Optional.of(new IdempotencyKey(text));
    }

    private static ProblemException malformed() {
        return ProblemException.unprocessable(
                "idempotency-key-malformed",
                "The Idempotency-Key is malformed",
                "Idempotency-Key must be 1 to 128 printable ASCII characters, bare or in double quotes.");
    }
}
