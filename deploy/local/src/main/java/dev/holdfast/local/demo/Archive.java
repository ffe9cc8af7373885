package dev.holdfast.local.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A small real folder as one zip file. */
final class Archive {
    private static final long MAX_FILE_BYTES = 1_000_000;

    private final Path folder;
    private final int files;
    private final byte[] bytes;

    private Archive(Path folder, int files, byte[] bytes) {
        this.folder = folder;
        this.files = files;
        this.bytes = bytes;
    }

    /** Packs the project's docs, or else the sources of this module. */
    static Archive ofProject(Path root) {
        Path folder = Stream.of("docs", "deploy/local/src")
                .map(root::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new StepFailed("no folder to back up in " + root));
        try (Stream<Path> walk = Files.walk(folder)) {
            return of(
                    folder,
                    walk.filter(Archive::isSmallFile).sorted().limit(500).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSmallFile(Path path) {
        try {
            return Files.isRegularFile(path) && Files.size(path) <= MAX_FILE_BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Archive of(Path folder, List<Path> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path file : files) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return new Archive(folder, files.size(), bytes.toByteArray());
    }

    /** What was packed. */
    Path folder() {
        return folder;
    }

    /** How many files it holds. */
    int files() {
        return files;
    }

    byte[] bytes() {
        return bytes;
    }

    String name() {
        return folder.getFileName() + ".zip";
    }

    String sha256() {
        return sha256(bytes);
    }

    /** In lower-case hex. */
    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
