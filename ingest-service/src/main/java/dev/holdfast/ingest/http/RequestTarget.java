package dev.holdfast.ingest.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The path and query of a request as they were sent. */
final class RequestTarget {

    private static final int HEXADECIMAL = 16;

    /** What RFC 3986 knows no place for, and each library takes in its own way. */
    private static final String NEVER = "\"<>[\\]^`{|}#";

    /** Far below the 1,024 bytes of a sort key in DynamoDB, in bytes as they are sent. */
    private static final int LONGEST_SEGMENT = 500;

    private RequestTarget() {}

    /** What is wrong with it; empty when it is percent-encoded UTF-8 without a null byte. */
    static Optional<String> fault(String target) {
        if (!target.startsWith("/") || target.startsWith("//")) { // what follows two is an authority (RFC 3986, 4.2)
            return Optional.of("The path must begin with one slash.");
        }
        var bytes = new ByteArrayOutputStream(target.length());
        for (var i = 0; i < target.length(); i++) {
            var c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || NEVER.indexOf(c) >= 0) {
                return Optional.of("The URL has a character that must be percent-encoded (RFC 3986).");
            }
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            var decoded = decoded(target, i);
            if (decoded < 0) return Optional.of("The URL has a % without two hexadecimal digits.");
            if (decoded == 0) return Optional.of("The URL has a null byte.");
            bytes.write(decoded);
            i += 2;
        }
        return isUtf8(bytes.toByteArray()) ? Optional.empty() : Optional.of("The URL, percent-decoded, is not UTF-8.");
    }

    private static int decoded(String target, int at) {
        if (at + 2 >= target.length()) return -1;
        var high = Character.digit(target.charAt(at + 1), HEXADECIMAL);
        var low = Character.digit(target.charAt(at + 2), HEXADECIMAL);
        return high < 0 || low < 0 ? -1 : high * HEXADECIMAL + low;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    /** How many parameters its query has. */
    static long parameters(String target) {
        var at = target.indexOf('?');
        if (at < 0) return 0;
        return 1 + target.chars().skip(at).filter(c -> c == '&' || c == ';').count();
    }

    /** Whether no path of this API looks like it: no name or id is so long, and nothing has matrix parameters. */
    static boolean leadsNowhere(String target) {
        return Arrays.stream(path(target).split("/"))
                .anyMatch(segment -> segment.length() > LONGEST_SEGMENT || segment.indexOf(';') >= 0);
    }

    /** Its path, for the {@code instance} of a problem. */
    static String path(String target) {
        var at = target.indexOf('?');
        return at < 0 ? target : target.substring(0, at);
    }
}
