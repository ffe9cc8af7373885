package dev.holdfast.local.launcher;

import dev.holdfast.local.Child;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a launcher has started, as kept in {@code DIR/running.json} for the other commands and for the next launcher.
 *
 * @param launcher the launcher's own process
 */
record Running(One launcher, List<One> children) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The clock tick in which the kernel counts start times and an adjusted clock may shift what is shown. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /**
     * One process. Its start time tells it from a later process with the same id.
     *
     * @param health addresses of which one answers 200 when it is ready
     */
    record One(String name, long pid, long startedAtMillis, String url, List<String> health) {
        static One of(Child child) {
            return of(
                    child.name(),
                    child.handle(),
                    child.url().toString(),
                    child.health().stream().map(URI::toString).toList());
        }

        static One of(String name, ProcessHandle process, String url, List<String> health) {
            long startedAt = process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
            return new One(name, process.pid(), startedAt, url, health);
        }

        /** The process if it still runs; a later process with the same id does not count. */
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::startedThen);
        }

        private boolean startedThen(ProcessHandle process) {
            long shift = process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli() - startedAtMillis;
            return Math.abs(shift) <= TOLERANCE.toMillis();
        }
    }

    static Running of(List<Child> children) {
        return new Running(
                One.of("launcher", ProcessHandle.current(), "", List.of()),
                children.stream().map(One::of).toList());
    }

    static Optional<Running> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readAllBytes(file), Running.class))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(half, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
