package dev.holdfast.local.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Writes variables in shell syntax, so that {@code . DIR/holdfast.env} gives them to a shell. */
final class EnvFile {
    private EnvFile() {}

    /** Replaces the file in one step; only its owner may read it, because it holds keys. */
    static void write(Path file, Map<String, String> variables) throws IOException {
        StringBuilder text = new StringBuilder("# Written by ./holdfast up; gone when it has stopped.\n");
        variables.forEach((name, value) -> text.append("export ")
                .append(name)
                .append('=')
                .append(quoted(value))
                .append('\n'));
        Path half = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(half);
        Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As it is if it has only harmless characters, else in single quotes. */
    static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:@%+,=-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
