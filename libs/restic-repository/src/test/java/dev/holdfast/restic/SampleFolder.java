package dev.holdfast.restic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;

/** A folder with everything that is awkward, of about 20 MB. */
final class SampleFolder {
    private SampleFolder() {}

    static Path create(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("deep/er/and/deeper"));
        Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("many"));
        var random = new Random(42);
        write(folder.resolve("random.bin"), bytes(random, 7_000_000));
        write(folder.resolve("zeros.bin"), new byte[3_000_000]);
        write(folder.resolve("server.log"), log(8_000_000));
        write(folder.resolve("empty-file"), new byte[0]);
        write(folder.resolve("exactly-the-minimum"), bytes(random, 512 * 1024));
        for (int i = 0; i < 300; i++) write(folder.resolve("many/file-" + i), bytes(random, random.nextInt(3000)));
        write(folder.resolve("deep/er/and/deeper/one"), new byte[] {1});
        write(folder.resolve("a\"b\\c\nd\u00a0e\u200bf<é>\u007f&😀"), "odd".getBytes(StandardCharsets.UTF_8));
        write(folder.resolve("\uFFFDbefore-or-after"), new byte[] {2});
        write(folder.resolve("😀"), new byte[] {3});
        write(folder.resolve("a-b"), new byte[] {4});
        write(folder.resolve("a.b"), new byte[] {5});
        Files.createDirectory(folder.resolve("a"));
        write(folder.resolve("a/x"), new byte[] {6});
        Files.createSymbolicLink(folder.resolve("link"), Path.of("deep/er"));
        Files.createSymbolicLink(folder.resolve("dangling ünd odd"), Path.of("/nowhere/<&>\n"));
        Files.setAttribute(folder.resolve("a-b"), "unix:mode", 04751);
        Files.setAttribute(folder.resolve("many"), "unix:mode", 03770);
        Files.setAttribute(folder.resolve("a.b"), "unix:mode", 0);
        Files.setLastModifiedTime(
                folder.resolve("a/x"), FileTime.from(Instant.parse("1999-12-31T23:59:59.123456789Z")));
        Files.setLastModifiedTime(folder.resolve("empty"), FileTime.from(Instant.parse("2031-01-02T03:04:05.5Z")));
        return folder;
    }

    static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Lines of JSON that compress about as well as real ones. */
    static byte[] log(int length) {
        return log(length, 7);
    }

    static byte[] log(int length, long seed) {
        var random = new Random(seed);
        var log = new StringBuilder(length + 200);
        for (long time = 1_700_000_000_000L; log.length() < length; time += random.nextInt(900)) {
            log.append("{\"time\":")
                    .append(time)
                    .append(",\"level\":\"")
                    .append(random.nextInt(9) == 0 ? "WARN" : "INFO");
            log.append("\",\"request\":\"").append(Long.toHexString(random.nextLong()));
            log.append("\",\"path\":\"/v1/orders/")
                    .append(random.nextInt(100_000))
                    .append("\",\"tookMs\":");
            log.append(random.nextInt(2000))
                    .append(",\"status\":")
                    .append(random.nextInt(20) == 0 ? 500 : 200)
                    .append("}\n");
        }
        return log.substring(0, length).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
    }
}
