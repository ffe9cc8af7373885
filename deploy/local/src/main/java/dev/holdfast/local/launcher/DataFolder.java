package dev.holdfast.local.launcher;

import dev.holdfast.local.Child;
import dev.holdfast.local.Folders;
import dev.holdfast.local.StartFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an {@code up}: data, logs, the key, holdfast.env, and who runs on it. A file lock, which the kernel
 * gives back however the launcher ends, makes sure that only one launcher does.
 */
final class DataFolder implements AutoCloseable {
    private final Path folder;
    private final FileChannel channel;

    private DataFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the folder for this launcher and ends what a crashed one has left.
     *
     * @throws StartFailure if another launcher runs on it
     */
    static DataFolder claim(Path folder) {
        Folders.create(folder);
        DataFolder claimed = lock(folder).orElseThrow(() -> occupied(folder));
        running(folder).ifPresent(Leftovers::end);
        claimed.forget();
        return claimed;
    }

    /** Throws a {@link StartFailure} if another launcher runs on the folder. */
    static void requireFree(Path folder) {
        if (Files.isDirectory(folder)) {
            lock(folder).orElseThrow(() -> occupied(folder)).close();
        }
    }

    private static StartFailure occupied(Path folder) {
        String who = running(folder)
                .map(running -> " (pid " + running.launcher().pid() + ")")
                .orElse("");
        return new StartFailure("Holdfast already runs on " + folder + who
                + ": ./holdfast down stops it, --data DIR takes another folder");
    }

    /** The lock on the folder, or empty if somebody has it. */
    static Optional<DataFolder> lock(Path folder) {
        try {
            FileChannel channel = FileChannel.open(
                    folder.resolve("launcher.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new DataFolder(folder, channel));
        } catch (IOException e) {
            throw new StartFailure("cannot lock " + folder + ": " + e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** What runs, or has crashed, on a folder. */
    static Optional<Running> running(Path folder) {
        return Running.read(folder.resolve("running.json"));
    }

    static Path logs(Path folder) {
        return folder.resolve("logs");
    }

    Path logs() {
        return logs(folder);
    }

    Path data() {
        return folder.resolve("data");
    }

    Path apiKey() {
        return folder.resolve("api-key");
    }

    Path envFile() {
        return folder.resolve("holdfast.env");
    }

    /** Keeps the logs of the run before as *.log.1 and starts new ones. */
    void turnLogs() {
        Folders.create(logs());
        try (Stream<Path> files = Files.list(logs())) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new StartFailure("cannot turn the logs in " + logs() + ": " + e);
        }
    }

    /** Notes the children for the other commands. */
    void note(List<Child> children) {
        try {
            Running.of(children).write(folder.resolve("running.json"));
        } catch (IOException e) {
            throw new StartFailure("cannot write to " + folder + ": " + e);
        }
    }

    /** Writes holdfast.env. */
    void publish(Map<String, String> variables) {
        try {
            EnvFile.write(envFile(), variables);
        } catch (IOException e) {
            throw new StartFailure("cannot write " + envFile() + ": " + e);
        }
    }

    /** Deletes what only counts while something runs. */
    void forget() {
        try {
            Files.deleteIfExists(envFile());
            Files.deleteIfExists(folder.resolve("running.json"));
        } catch (IOException e) {
            System.err.println("cannot tidy up " + folder + ": " + e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            System.err.println("cannot unlock " + folder + ": " + e);
        }
    }
}
