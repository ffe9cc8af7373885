package dev.holdfast.restic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** What the benchmark backs up: a JDK, logs, random bytes, small files; about 1 GB. */
final class BenchmarkData {
    private static final int MIB = 1 << 20;

    private BenchmarkData() {}

    /** Makes the folders {@code jdk}, {@code logs}, {@code random} and {@code small}, unless they are there. */
    static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        for (var name : new String[] {"logs", "random", "small"}) Files.createDirectories(folder.resolve(name));
        Restic.shell(folder, "cp -a " + System.getProperty("java.home") + " jdk");
        logs(folder.resolve("logs"));
        var random = new Random(1);
        for (int i = 0; i < 2; i++) Files.write(folder.resolve("random/" + i), SampleFolder.bytes(random, 64 * MIB));
        for (int i = 0; i < 20_000; i++) {
            var directory = folder.resolve("small/" + i / 100);
            Files.createDirectories(directory);
            var text = SampleFolder.log(500 + random.nextInt(6000), i);
            Files.write(directory.resolve("file-" + i), text);
        }
    }

    private static void logs(Path folder) throws IOException {
        for (int file = 0; file < 4; file++) {
            try (var out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(file + ".log")))) {
                for (int part = 0; part < 8; part++) out.write(SampleFolder.log(8 * MIB, file * 8 + part));
            }
        }
    }
}
