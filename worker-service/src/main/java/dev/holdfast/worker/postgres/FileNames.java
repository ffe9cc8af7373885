package dev.holdfast.worker.postgres;

import java.nio.charset.StandardCharsets;

/** Turns names of PostgreSQL (up to 63 bytes of anything) into names of files. */
final class FileNames {

    private FileNames() {}

    /** Letters, digits, {@code _} and {@code -} stay, all else becomes its bytes in UTF-8, as in URLs: at most 189. */
    static String of(String name) {
        var file = new StringBuilder();
        name.codePoints().forEach(character -> {
            if (Character.isLetterOrDigit(character) || character == '_' || character == '-') {
                file.appendCodePoint(character);
            } else {
                for (var b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                    file.append("%%%02X".formatted(b));
                }
            }
        });
        return file.toString();
    }
}
