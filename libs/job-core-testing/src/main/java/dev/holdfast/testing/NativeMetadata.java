package dev.holdfast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a native executable is told of a module: every record, enum and sealed type of it may be read and written as
 * JSON, which works by reflection. All of them are registered, in
 * {@code META-INF/native-image/dev.holdfast/MODULE/reachability-metadata.json}, so that nobody has to think of it but
 * the test that calls this class.
 */
public final class NativeMetadata {

    private static final Pattern TYPE = Pattern.compile("\"type\": \"(dev\\.holdfast\\.[^\"]+)\"");

    private NativeMetadata() {}

    /**
     * Throws an {@link AssertionError} unless exactly the types of a module are registered. It shows the lines to put
     * there.
     *
     * @param anchor any class of the module
     * @param module its artifact id
     */
    public static void check(Class<?> anchor, String module) {
        var wanted = new TreeSet<String>();
        var registered = new TreeSet<String>();
        try {
            var home =
                    anchor.getProtectionDomain().getCodeSource().getLocation().toURI();
            inside(home, root -> {
                types(root, wanted);
                var file = root.resolve("META-INF/native-image/dev.holdfast/" + module + "/reachability-metadata.json");
                if (Files.exists(file)) {
                    TYPE.matcher(Files.readString(file)).results().forEach(type -> registered.add(type.group(1)));
                }
            });
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("cannot read where " + anchor + " comes from", e);
        }
        if (!registered.equals(wanted)) throw new AssertionError(difference(module, wanted, registered));
    }

    /** A folder of classes, or the jar made of it. */
    private static void inside(URI home, Reading reading) throws IOException {
        var path = Path.of(home);
        if (Files.isDirectory(path)) {
            reading.read(path);
            return;
        }
        try (var jar = FileSystems.newFileSystem(path, Map.of())) {
            reading.read(jar.getPath("/"));
        }
    }

    private interface Reading {
        void read(Path root) throws IOException;
    }

    private static void types(Path root, Set<String> types) throws IOException {
        try (var files = Files.walk(root.resolve("dev/holdfast"))) {
            files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(NativeMetadata::isData)
                    .forEach(types::add);
        }
    }

    private static boolean isData(String name) {
        try {
            var type = Class.forName(name, false, NativeMetadata.class.getClassLoader());
            return type.isRecord() || type.isEnum() || type.isSealed();
        } catch (ClassNotFoundException gone) {
            throw new UncheckedIOException(new IOException(gone));
        }
    }

    private static String difference(String module, Set<String> wanted, Set<String> registered) {
        var text =
                new StringBuilder("native executables know other types of " + module + " than there are; register:\n");
        text.append(wanted.stream().map(NativeMetadata::line).collect(Collectors.joining(",\n")));
        registered.removeAll(wanted);
        return text.append("\nno longer there: ").append(registered).toString();
    }

    private static String line(String type) {
        return "    {\"type\": \"" + type
                + "\", \"allDeclaredConstructors\": true, \"allDeclaredMethods\": true, \"allDeclaredFields\": true}";
    }
}
