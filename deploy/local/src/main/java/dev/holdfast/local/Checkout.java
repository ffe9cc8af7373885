package dev.holdfast.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of the project with what was built in it.
 *
 * @param root the folder that holds {@code mvnw} and {@code deploy/local}
 */
public record Checkout(Path root) {
    public Checkout {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * The checkout that the current folder lies in; the system property {@code holdfast.root} overrides it.
     *
     * @throws StartFailure if there is none
     */
    public static Checkout find() {
        String given = System.getProperty("holdfast.root", "");
        if (!given.isEmpty()) {
            return new Checkout(Path.of(given));
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw")) && Files.exists(folder.resolve("deploy/local/pom.xml"))) {
                return new Checkout(folder);
            }
        }
        throw new StartFailure("no Holdfast checkout at or above " + start);
    }

    /** The jar of this module, which is also the agent of every child JVM. */
    public Path localJar() {
        Path target = root.resolve("deploy/local/target");
        return list(target, "holdfast-local-*.jar").stream()
                .filter(jar -> !jar.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
                .findFirst()
                .orElseThrow(() -> new StartFailure("deploy/local is not built: no holdfast-local-*.jar in " + target));
    }

    /** The class path of the local cloud and of the launcher. */
    public String localClassPath() {
        return localJar() + System.getProperty("path.separator") + root.resolve("deploy/local/target/lib") + "/*";
    }

    /**
     * The class path of DynamoDB Local.
     *
     * @throws StartFailure if it was not resolved yet
     */
    public String dynamoDbClassPath() {
        Path lib = root.resolve("deploy/local/dynamodb/target/lib");
        if (list(lib, "DynamoDBLocal-*.jar").isEmpty()) {
            throw new StartFailure(
                    "DynamoDB Local is not resolved: build deploy/local/dynamodb (no jar in " + lib + ")");
        }
        return lib + "/*";
    }

    /**
     * The runnable jar of a service.
     *
     * @param service {@code ingest}, {@code worker} or {@code notify}
     * @throws StartFailure if it is not built
     */
    public Path serviceJar(String service) {
        Path jar = root.resolve(service + "-service/target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new StartFailure(service + "-service is not built: no " + jar);
        }
        return jar;
    }

    /** The AOT cache of a service, which a training makes. */
    public AotCache aotCache(String service) {
        return new AotCache(root.resolve(service + "-service/target"));
    }

    /**
     * The native executable of a service.
     *
     * @throws StartFailure if it is not built
     */
    public Path serviceExecutable(String service) {
        Path target = root.resolve(service + "-service/target");
        return list(target, "*-runner").stream()
                .findFirst()
                .orElseThrow(() -> new StartFailure(
                        service + "-service is not built as a native executable: no *-runner in " + target));
    }

    private static List<Path> list(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
            return files.filter(file -> matcher.matches(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartFailure("cannot list " + folder + ": " + e);
        }
    }
}
