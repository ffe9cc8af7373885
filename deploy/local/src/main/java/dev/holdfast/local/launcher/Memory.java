package dev.holdfast.local.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.OptionalLong;

/** The resident memory of a process, asked of {@code ps}, which Linux and macOS have. */
public final class Memory {
    private Memory() {}

    /** Resident bytes; empty if the process is gone. */
    public static OptionalLong residentBytes(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader reader = ps.inputReader()) {
                String line = reader.readLine();
                return line != null && line.strip().matches("\\d+")
                        ? OptionalLong.of(Long.parseLong(line.strip()) * 1024)
                        : OptionalLong.empty();
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** For people; a dash if it is unknown. */
    public static String shown(long pid) {
        OptionalLong bytes = residentBytes(pid);
        return bytes.isPresent() ? "%.0f MB".formatted(bytes.getAsLong() / 1e6) : "-";
    }
}
