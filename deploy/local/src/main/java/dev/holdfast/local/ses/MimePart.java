package dev.holdfast.local.ses;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A MIME message or a part of one, as far as a mailbox needs it: headers, the first plain and the first HTML text.
 *
 * @param headers decoded, in order
 * @param body undecoded, one character per byte
 */
record MimePart(List<Mail.Header> headers, String body) {
    private static final Pattern ENCODED_WORD = Pattern.compile("=\\?([^?]+)\\?([bBqQ])\\?([^?]*)\\?=");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("(\\?=)\\s+(=\\?)");

    /** Splits headers from body; {@code message} holds one character per byte (ISO 8859-1). */
    static MimePart parse(String message) {
        String lines = message.replace("\r\n", "\n");
        int end = lines.startsWith("\n") ? 0 : lines.indexOf("\n\n");
        String head = end < 0 ? lines : lines.substring(0, end);
        String body = end < 0 ? "" : lines.substring(lines.startsWith("\n") ? 1 : end + 2);
        List<Mail.Header> headers = new ArrayList<>();
        for (String line : head.replaceAll("\n[ \t]+", " ").split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(new Mail.Header(
                        line.substring(0, colon).strip(),
                        decodeWords(line.substring(colon + 1).strip())));
            }
        }
        return new MimePart(headers, body);
    }

    /** The value of a header; empty if it is missing. */
    String header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Mail.Header::value)
                .findFirst()
                .orElse("");
    }

    /** The addresses in a header. */
    List<String> addresses(String header) {
        return Arrays.stream(header(header).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    /** The first text of a media type in this part or below; empty if there is none. Attachments do not count. */
    String text(String mediaType) {
        String type = header("Content-Type").isEmpty() ? "text/plain" : header("Content-Type");
        if (header("Content-Disposition").toLowerCase(Locale.ROOT).startsWith("attachment")) {
            return "";
        }
        if (type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            return parts(parameter(type, "boundary")).stream()
                    .map(part -> part.text(mediaType))
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        if (!type.toLowerCase(Locale.ROOT).startsWith(mediaType)) {
            return "";
        }
        return new String(decodedBody(), charset(parameter(type, "charset")));
    }

    private List<MimePart> parts(String boundary) {
        List<MimePart> parts = new ArrayList<>();
        if (boundary.isEmpty()) {
            return parts;
        }
        String[] pieces = ("\n" + body).split(Pattern.quote("\n--" + boundary), -1);
        for (String piece : Arrays.asList(pieces).subList(1, pieces.length)) {
            if (piece.startsWith("--")) {
                break;
            }
            parts.add(parse(piece.substring(piece.indexOf('\n') + 1)));
        }
        return parts;
    }

    private byte[] decodedBody() {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return switch (header("Content-Transfer-Encoding").toLowerCase(Locale.ROOT)) {
            case "base64" -> Base64.getMimeDecoder().decode(bytes);
            case "quoted-printable" -> quotedPrintable(body.replaceAll("[ \t]*=[ \t]*\n", ""));
            default -> bytes;
        };
    }

    private static byte[] quotedPrintable(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '='
                    && i + 2 < text.length() + 0
                    && text.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static String decodeWords(String value) {
        Matcher words = ENCODED_WORD.matcher(BETWEEN_WORDS.matcher(value).replaceAll("$1$2"));
        return words.replaceAll(word -> {
            byte[] bytes = word.group(2).equalsIgnoreCase("b")
                    ? Base64.getMimeDecoder().decode(word.group(3))
                    : quotedPrintable(word.group(3).replace('_', ' '));
            return Matcher.quoteReplacement(new String(bytes, charset(word.group(1))));
        });
    }

    private static Charset charset(String name) {
        try {
            return name.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String parameter(String type, String name) {
        Matcher matcher = Pattern.compile(";\\s*" + name + "\\s*=\\s*(\"([^\"]*)\"|[^;\\s]+)", Pattern.CASE_INSENSITIVE)
                .matcher(type);
        if (!matcher.find()) {
            return "";
        }
        return matcher.group(2) == null ? matcher.group(1) : matcher.group(2);
    }
}
