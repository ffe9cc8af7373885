package dev.holdfast.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The AOT cache of a service, {@code target/app.aot}: what its classes look like once they are loaded and linked, and
 * what the compilers learnt of them, as a training left it. It fits the JDK and the jars that it was made with; beside
 * it lies a list of them.
 *
 * <p>The JVM knows a jar again by its size and its time, and every build gives new times, also to jars in which nothing
 * has changed. So each jar is given a time made of its content: a cache outlives builds, and never meets other code.
 */
public final class AotCache {
    /** Times from 1990 on, of 17 years: none is in the future. */
    private static final long FIRST_SECOND = 631_152_000;

    private static final int SECONDS = 0x1fff_ffff;

    /** Reading jars takes a while, and they do not change while a launcher or a test runs. */
    private static final Map<Path, Boolean> FITTING = new ConcurrentHashMap<>();

    private final Path app;
    private final Path file;
    private final Path list;

    AotCache(Path target) {
        this.app = target.resolve("quarkus-app");
        this.file = target.resolve("app.aot");
        this.list = target.resolve("app.aot.list");
    }

    /** Where it is, or will be. */
    public Path file() {
        return file;
    }

    /** Whether there is a cache of exactly these jars and this JDK. Looked at once in the life of this JVM. */
    public boolean fits() {
        return FITTING.computeIfAbsent(file, any -> {
            try {
                return Files.exists(file)
                        && Files.exists(list)
                        && Files.readString(list).equals(setTimes());
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** To be called before a service is started that shall leave a cache: removes the one that is there. */
    public void prepare() {
        try {
            Files.deleteIfExists(list);
            Files.deleteIfExists(file);
            setTimes();
            FITTING.remove(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * To be called when that service has ended: keeps what it left.
     *
     * @return the size in bytes; 0 if it left nothing
     */
    public long keep() {
        try {
            if (!Files.exists(file)) {
                return 0;
            }
            Files.writeString(list, setTimes());
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives each jar its time, and tells the JDK, and each jar with its size and checksum. */
    private String setTimes() throws IOException {
        Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
        Map<String, String> lines = new TreeMap<>();
        try (Stream<Path> files = Files.walk(app)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                long checksum = checksum(jar);
                FileTime time = FileTime.fromMillis((FIRST_SECOND + (checksum & SECONDS)) * 1000);
                if (!Files.getLastModifiedTime(jar).equals(time)) {
                    Files.setLastModifiedTime(jar, time);
                }
                lines.put(app.relativize(jar).toString(), Files.size(jar) + " " + Long.toHexString(checksum));
            }
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey() + " " + line.getValue() + "\n")
                .collect(Collectors.joining(
                        "", System.getProperty("java.vm.version") + " " + Files.size(modules) + "\n", ""));
    }

    private static long checksum(Path jar) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(jar)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
            }
        }
        return checksum.getValue();
    }
}
